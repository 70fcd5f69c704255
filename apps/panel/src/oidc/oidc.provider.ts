import type { OidcSettings } from '@argos/contract'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { GuardError } from '../guard/error.ts'
import type { Call, CallProvider } from './oidc.fetch.ts'
import { type ProviderKeys, providerKeys } from './oidc.keys.ts'
import { issuerProblem } from './oidc.rules.ts'
import { NotSignedIn, quoted } from './oidc.words.ts'

/** What we read of a discovery document (OpenID Connect Discovery, 3). Everything else is left where it came from. */
const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  userinfo_endpoint: z.string().exactOptional(),
  end_session_endpoint: z.string().exactOptional(),
  response_types_supported: z.array(z.string()).exactOptional(),
  scopes_supported: z.array(z.string()).exactOptional(),
  code_challenge_methods_supported: z.array(z.string()).exactOptional(),
  id_token_signing_alg_values_supported: z.array(z.string()).exactOptional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).exactOptional(),
  authorization_response_iss_parameter_supported: z.boolean().exactOptional(),
  backchannel_logout_supported: z.boolean().exactOptional(),
})
export type Metadata = z.infer<typeof Metadata>

export interface Provider {
  readonly metadata: Metadata
  readonly keys: ProviderKeys
  /** Where a call may go: a provider on the Internet does not send us into a private network. */
  reachOf(url: string): Call['reach']
}
type Asked = Pick<OidcSettings, 'issuer'>

/** Reads a provider's documents once. */
export async function discover(call: CallProvider, { issuer }: Asked, clock: Clock): Promise<Provider> {
  const problem = issuerProblem(issuer)
  if (problem !== null) throw new NotSignedIn(problem)
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const answer = await called(call, address, { reach: 'operator', headers: { accept: 'application/json' } })
  if (answer.status !== 200)
    throw new NotSignedIn(
      `The provider has no discovery document at ${address} (it answers ${answer.status}). Compare the issuer with what the provider says it is.`,
    )
  const parsed = Metadata.safeParse(withoutNulls(jsonOf(answer.text)))
  if (!parsed.success)
    throw new NotSignedIn(
      `What stands at ${address} is no discovery document of OpenID Connect.`,
      parsed.error,
    )
  const metadata = parsed.data
  // To the letter: a slash or a capital more is another issuer, and the tokens carry the provider's (OI-01).
  if (metadata.issuer !== issuer)
    throw new NotSignedIn(
      `The provider calls itself “${quoted(metadata.issuer)}”, not “${issuer}”. Enter it as the provider does.`,
    )
  const host = new URL(issuer).hostname
  const reachOf = (url: string): Call['reach'] =>
    answer.inside || (URL.canParse(url) && new URL(url).hostname === host) ? 'operator' : 'public'
  const load = async () => {
    const { jwks_uri: uri } = metadata
    const keys = await called(call, uri, {
      reach: reachOf(uri),
      large: true,
      headers: { accept: 'application/json' },
    })
    if (keys.status !== 200) throw new NotSignedIn(`The provider’s keys at ${uri} answer ${keys.status}.`)
    return jsonOf(keys.text)
  }
  return { metadata, reachOf, keys: providerKeys({ load, clock }) }
}

async function called(call: CallProvider, address: string, how: Call) {
  try {
    return await call(address, how)
  } catch (err) {
    if (err instanceof GuardError) throw unreachable(err)
    throw err
  }
}

export const unreachable = (err: GuardError): NotSignedIn =>
  new NotSignedIn(`The provider cannot be asked: ${err.message} A password still works.`, err, 'busy')

/** What a provider does not have, some say to be null. */
const withoutNulls = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).filter(([, v]) => v !== null))
    : value

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const FRESH_MS = 60 * 60_000
const KEEP_MS = 24 * FRESH_MS
const FAILED_MS = 15_000

export interface Providers {
  /** What is known of the provider: asked at most once an hour, and after a failure at most every 15 seconds (OI-20). */
  get(settings: Asked): Promise<Provider>
  forget(): void
}

export function providers({ call, clock }: { call: CallProvider; clock: Clock }): Providers {
  let held: { issuer: string; provider: Provider; at: number } | null = null
  let failed: { issuer: string; err: unknown; at: number } | null = null
  let asking: { issuer: string; answer: Promise<Provider> } | null = null

  const ask = (issuer: string) => {
    if (asking?.issuer === issuer) return asking.answer
    const answer = discover(call, { issuer }, clock)
    const mine = { issuer, answer }
    asking = mine
    answer
      .then(
        (provider) => {
          if (asking === mine) [held, failed] = [{ issuer, provider, at: clock.now() }, null]
        },
        (err: unknown) => {
          if (asking === mine) failed = { issuer, err, at: clock.now() }
        },
      )
      .finally(() => {
        if (asking === mine) asking = null
      })
    return answer
  }
  return {
    async get({ issuer }) {
      const kept = held?.issuer === issuer && clock.now() - held.at < KEEP_MS ? held : null
      if (kept && clock.now() - kept.at < FRESH_MS) return kept.provider
      if (failed?.issuer === issuer && clock.now() - failed.at < FAILED_MS) {
        if (kept) return kept.provider
        throw failed.err
      }
      try {
        return await ask(issuer)
      } catch (err) {
        if (kept) return kept.provider
        throw err
      }
    },
    forget() {
      held = null
      failed = null
      asking = null
    },
  }
}
