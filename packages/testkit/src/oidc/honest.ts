import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK } from 'jose'
import { visit } from '../clients/request.ts'

export interface HonestOptions {
  /** The panel's addresses, as the operator enters them at the provider. */
  readonly redirect: string
  readonly afterLogout: string
  readonly backchannelLogout: string
  /** Where the panel's name is really reached; null tells nobody of sign-outs. */
  readonly port: number | null
  readonly people: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** How people prove who they are there. */
  readonly amr?: readonly string[]
}
export interface HonestProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Errors it ran into, in words. */
  readonly troubles: readonly string[]
  close(): Promise<void>
}

/**
 * A real provider on loopback (`oidc-provider`): PKCE is demanded, claims come by userinfo, it offers sign-out and tells
 * of it. Its sign-in page asks only who one is.
 */
export async function honestProvider(options: HonestOptions): Promise<HonestProvider> {
  const clientId = 'argos'
  const clientSecret = randomBytes(24).toString('base64url')
  let answer: (req: IncomingMessage, res: ServerResponse) => void = (_, res) => res.writeHead(503).end()
  const server = createServer((req, res) => answer(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { redirect, afterLogout, backchannelLogout, port, people, amr = ['pwd'] } = options
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const told =
    port === null
      ? {}
      : { backchannel_logout_uri: backchannelLogout, backchannel_logout_session_required: true }

  // Here, so that whoever needs no provider does not load one.
  const { default: Provider } = await import('oidc-provider')
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirect],
        post_logout_redirect_uris: [afterLogout],
        require_auth_time: true,
        ...told,
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256', kid: 'first' }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    pkce: { required: () => true },
    claims: {
      openid: ['sub', 'amr', 'auth_time'],
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username'],
      groups: ['groups'],
    },
    ttl: {
      Interaction: 600,
      Grant: 3_600,
      Session: 3_600,
      AccessToken: 600,
      IdToken: 600,
      AuthorizationCode: 60,
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: port !== null },
      rpInitiatedLogout: { enabled: true, logoutSource: confirmPage },
    },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, id: string) => {
      const person = people[id]
      return person ? { accountId: id, claims: () => ({ sub: id, ...person }) } : undefined
    },
    // Whoever runs it has agreed for everybody.
    loadExistingGrant: async (ctx: Asked) => {
      const grant = new provider.Grant({ accountId: ctx.oidc.session.accountId, clientId })
      grant.addOIDCScope('openid profile email groups')
      await grant.save()
      return grant
    },
    fetch: (url: string, { body }: { body: URLSearchParams }) => tell(url, body.toString(), port ?? 0),
  })
  const troubles: string[] = []
  for (const event of ['server_error', 'authorization.error', 'grant.error', 'backchannel.error'])
    provider.on(event, (...args) => {
      const err = args.find((one) => one instanceof Error)
      troubles.push(
        `${event}: ${err?.message ?? ''} ${(err as { error_description?: string })?.error_description ?? ''}`,
      )
    })

  const ask = async (req: IncomingMessage, res: ServerResponse) => {
    const { uid } = await provider.interactionDetails(req, res)
    if (req.method !== 'POST') {
      res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(loginPage(uid))
      return
    }
    let text = ''
    for await (const chunk of req.setEncoding('utf8') as AsyncIterable<string>) text += chunk
    const accountId = new URLSearchParams(text).get('name') ?? ''
    await provider.interactionFinished(req, res, { login: { accountId, amr: [...amr] } })
  }
  const callback = provider.callback()
  answer = (req, res) => {
    if (!req.url?.startsWith('/interaction/')) return callback(req, res)
    ask(req, res).catch((err: unknown) => {
      troubles.push(String(err))
      res.writeHead(400).end(String(err))
    })
  }
  return {
    issuer,
    clientId,
    clientSecret,
    troubles,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Asked {
  readonly oidc: { readonly session: { readonly accountId: string } }
}

/** To the panel by its name, wherever that is reached in a test. */
async function tell(address: string, body: string, port: number): Promise<Response> {
  const url = new URL(address)
  const { status } = await visit({
    port,
    name: url.host,
    tls: url.protocol === 'https:',
    method: 'POST',
    path: url.pathname,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
    },
    body,
  })
  return new Response(null, { status })
}

const loginPage = (uid: string): string => `<!doctype html><html lang="en"><title>Who are you?</title>
<form method="post" action="/interaction/${uid}"><label>Your name there <input name="name" autofocus></label>
<button>Sign in there</button></form></html>`

async function confirmPage(ctx: { body: string }, form: string): Promise<void> {
  ctx.body = `<!doctype html><html lang="en"><title>Sign out?</title>${form}
<button form="op.logoutForm" name="logout" value="yes">Sign out there</button></html>`
}
