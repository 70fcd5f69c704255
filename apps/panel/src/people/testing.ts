import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname } from 'node:path'
import { type Input, invitationCreate, type Operation, requestOf, userCreate } from '@argos/contract'
import { onTestFinished } from 'vitest'
import { proofOf } from '../http/proof.ts'
import { admin, type Client, clientOf, origin, type TestOptions, testPanel, throughEdge } from '../testing.ts'

export const password = 'a password for tests'

/** Sends an operation with all of its input, as the page does. */
export function asking(client: Client) {
  return <O extends Operation>(op: O, input: Input<O>) => {
    const { method, path, body } = requestOf(op, input)
    return client.send({
      method,
      url: path,
      headers: {
        ...(method === 'GET' ? {} : { origin, 'x-csrf-token': client.csrf() }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: body }),
    })
  }
}
export type Ask = ReturnType<typeof asking>

/** The whole panel with an administrator signed in, the command line, and an edge that notes what it has to forget. */
export async function peopleBench(options: TestOptions = {}) {
  const panel = await testPanel(options)
  const { app, config, clock, db } = panel
  /** What the edge was told to forget, with whether what was asked for stood in the database by then. */
  const told: unknown[] = []
  const during = { look: async (): Promise<void> => {} }
  const edge = createServer(async (req, res) => {
    let text = ''
    for await (const chunk of req.setEncoding('utf8')) text += chunk
    if (req.url !== '/argos/evict') return res.writeHead(404).end('{}')
    told.push(JSON.parse(text))
    await during.look()
    return res
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ dropped: 0, cancelled: 0 }))
  })
  mkdirSync(dirname(config.edgeSocket), { recursive: true })
  edge.listen(config.edgeSocket)
  await once(edge, 'listening')
  const edgeGoes = () =>
    new Promise<void>((resolve) => {
      edge.closeAllConnections()
      edge.close(() => resolve())
    })
  onTestFinished(() => (edge.listening ? edgeGoes() : undefined))

  const anna = clientOf(app)
  await anna.signIn()
  const ask = asking(anna)
  const cli = <O extends Operation>(op: O, input: Input<O>) => {
    const request = requestOf(op, input)
    return app.inject({
      method: request.method,
      url: request.path,
      headers: {
        host: 'panel',
        authorization: proofOf(config.masterKey, request, 'root', clock.now()),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { payload: request.body }),
    })
  }
  return {
    ...panel,
    told,
    during,
    edgeGoes,
    anna,
    ask,
    cli,
    /** The account's id. */
    user: async (username: string, more: Partial<Input<typeof userCreate>['body']> = {}) =>
      (await ask(userCreate, { body: { username, password, ...more } })).json<{ user: { id: string } }>().user
        .id,
    signedIn: async (username: string, from = '203.0.113.9') => {
      const client = clientOf(app, { ...throughEdge, 'x-argos-client': from })
      const me = await client.signIn({
        username,
        password: username === admin.username ? admin.password : password,
      })
      return { client, me, ask: asking(client) }
    },
    invitation: async (more: Input<typeof invitationCreate>['body'] = {}) =>
      (await ask(invitationCreate, { body: more })).json<{
        invitation: { id: string }
        link: { token: string; path: string; expiresAt: number }
      }>(),
    trail: async () =>
      (await db.selectFrom('audit').select(['action', 'words', 'actor_kind', 'subject_name']).execute()).map(
        (row) => row,
      ),
  }
}
