import {
  type Call,
  type HostCreate,
  hostCreate,
  type PoolInput,
  poolList,
  upstreamProbe,
} from '@argos/contract'
import { pastedAddress } from '../../probe/pasted.ts'
import { asking } from '../api.ts'
import { needed, oneOf } from '../pairs.ts'
import { typedAccess } from '../policy/find.ts'
import { reportSaved, savingOptions, savingWords } from '../report.ts'
import { exitCode, Refusal, verb } from '../verb.ts'
import { findPool } from './find.ts'

const usage =
  'host add NAME URL [--policy POLICY] [--tls auto|internal|none] [--tag TAG]… [--paused] [--probe]'

export const add = verb({
  summary: 'Publish a service under a name',
  usage: `${usage} | NAME --pool POOL …`,
  options: {
    tls: { type: 'string' },
    also: { type: 'string', multiple: true },
    tag: { type: 'string', multiple: true, short: 't' },
    note: { type: 'string' },
    pool: { type: 'string' },
    policy: { type: 'string' },
    paused: { type: 'boolean' },
    probe: { type: 'boolean' },
    'no-verify': { type: 'boolean' },
    ...savingOptions,
  },
  words: {
    tls: 'auto (ACME, the default), internal (own CA) or none (plain HTTP)',
    also: 'One more name; may be repeated',
    tag: 'A tag; may be repeated',
    note: 'A note for people',
    pool: 'An existing pool instead of a URL',
    policy: 'Who gets in, by the name of a policy; left out: everyone',
    paused: 'Save it, but do not serve it yet',
    probe: 'Ask the service first, and refuse when it does not answer',
    'no-verify': "Do not check the service's certificate (https)",
    ...savingWords,
  },
  details:
    'Nothing is asked of the service unless --probe is given. The answer waits until the edge serves the host.',
  positionals: 2,
  run: (context, values, [typedName, typedUrl]) => {
    const name = needed(typedName, 'The name to publish', usage)
    if ((typedUrl === undefined) === (values.pool === undefined)) {
      const what =
        typedUrl === undefined ? 'The URL of the service is missing.' : 'A URL and --pool are one too many.'
      throw new Refusal(what, `Usage: ./argos ${usage}`, exitCode.usage)
    }
    const tls = oneOf('--tls', values.tls ?? 'auto', ['auto', 'internal', 'none'])
    return asking(context, values.json, async (call) => {
      const domains = [name, ...(values.also ?? [])]
      const upstream =
        values.pool === undefined
          ? { pool: await ownPool(call, typedUrl ?? '', domains, values) }
          : { poolId: (await findPool(call, values.pool)).id }
      const body: HostCreate = {
        domains,
        enabled: values.paused !== true,
        tls,
        access: await typedAccess(call, { policy: values.policy }, { kind: 'public' }),
        tags: [...(values.tag ?? [])],
        note: values.note ?? '',
        upstream,
      }
      const answer = await call(hostCreate, { body })
      const face = answer.host.domains[0] ?? name
      return reportSaved(context, call, values, {
        words: values.paused ? `Added ${face}` : `Published ${face}`,
        state: values.paused ? 'saved, paused' : 'live',
        saved: answer.saved,
        hostIds: [answer.host.id],
        answer,
      })
    })
  },
})

interface PoolOptions {
  readonly probe?: boolean
  readonly 'no-verify'?: boolean
}

async function ownPool(
  call: Call,
  url: string,
  domains: readonly string[],
  options: PoolOptions,
): Promise<PoolInput> {
  const { host, port, protocol } = pastedAddress(url)
  const found = options.probe ? await call(upstreamProbe, { body: { url } }) : null
  if (found && !found.reachable) {
    throw new Refusal(`${url}: ${found.problem ?? 'It does not answer.'}`, 'Nothing was changed.')
  }
  const scheme = found?.protocol ?? protocol ?? 'http'
  const { pools } = await call(poolList, {})
  return {
    name: freeName(shortName(domains[0] ?? ''), new Set(pools.map((p) => p.name.toLowerCase()))),
    protocol: scheme,
    // An untrusted certificate that was seen is not checked: else nothing would answer.
    verifyTls: options['no-verify'] !== true && (found?.tls?.trusted ?? true),
    preserveHost: true,
    health: { kind: 'tcp', path: '/', intervalS: 15, timeoutS: 5 },
    targets: [
      {
        address: found?.address ?? host,
        port: found?.port ?? port ?? (scheme === 'https' ? 443 : 80),
        weight: 1,
        enabled: true,
      },
    ],
  }
}

/** `grafana` of `grafana.home.example`. */
const shortName = (name: string): string => name.replace(/^\*\./, '').split('.')[0]?.slice(0, 56) || 'pool'

/** A name that no pool has. */
export function freeName(base: string, taken: ReadonlySet<string>): string {
  let name = base
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}-${n}`
  return name
}
