import {
  type ApiRequest,
  auditList,
  hostList,
  meView,
  type Operation,
  operations,
  poolCreate,
  requestOf,
} from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { newToken } from '../secrets.ts'
import { clientOf, type TestOptions, type TestPanel, testPanel, throughEdge, urlOf } from '../testing.ts'
import { PROOF_MS, proofOf, proofService } from './proof.ts'

const pool = { name: 'media', targets: [{ address: '192.0.2.10', port: 8096 }] }
const create = requestOf(poolCreate, { body: pool })
const list = requestOf(hostList, {})

interface Sent {
  readonly authorization?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly path?: string
  readonly method?: ApiRequest['method']
  readonly body?: string
}

async function proving(options: TestOptions = {}) {
  const panel = await testPanel(options)
  const { app, config, clock } = panel
  const prove = (request: ApiRequest, name = 'anna', at = clock.now()) =>
    proofOf(config.masterKey, request, name, at)
  const send = (request: ApiRequest, { authorization = prove(request), headers, ...other }: Sent = {}) => {
    const { method, path, body } = { ...request, ...other }
    return app.inject({
      method,
      url: path,
      headers: {
        host: 'panel',
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body }),
    })
  }
  return { ...panel, prove, send, pools: () => poolNames(panel) }
}

const poolNames = async ({ db }: Pick<TestPanel, 'db'>) =>
  (await db.selectFrom('pool').select('name').execute()).map(({ name }) => name)

describe('the command line on the private socket', () => {
  test('changes and reads without a session or token, and the trail names it', async () => {
    const { send, pools, audit } = await trail()
    expect((await send(create)).statusCode).toBe(201)
    expect((await send(list)).statusCode).toBe(200)
    expect(await pools()).toEqual(['media'])
    expect(await audit()).toContainEqual(
      expect.objectContaining({ action: 'pool.create', actor: { kind: 'cli', name: 'anna' }, address: null }),
    )
  })

  test('names with spaces and other letters arrive as they are', async () => {
    const { send, prove, audit } = await trail()
    await send(create, { authorization: prove(create, 'Zoë (home), "x"') })
    expect(await audit()).toContainEqual(
      expect.objectContaining({ actor: { kind: 'cli', name: 'Zoë (home), "x"' } }),
    )
  })

  test('what belongs to a person is refused: it has no session', async () => {
    const { send } = await proving()
    const res = await send(requestOf(meView, {}))
    expect(res.statusCode).toBe(403)
  })

  test('what it sends is checked as a page is', async () => {
    const { send } = await proving()
    const res = await send(requestOf(poolCreate, { body: { ...pool, targets: [] } }))
    expect(res.json()).toMatchObject({ code: 'invalid', fields: [{ path: 'targets' }] })
  })

  async function trail() {
    const panel = await proving()
    const audit = async () => {
      const res = await panel.send(requestOf(auditList, {}))
      return res.json<{ entries: unknown[] }>().entries
    }
    return { ...panel, audit }
  }
})

describe('a proof is refused with 401, and nothing changes,', () => {
  const refused = async (
    panel: Awaited<ReturnType<typeof proving>>,
    answer: Promise<{ statusCode: number; json: () => unknown }>,
  ) => {
    const res = await answer
    expect(res.statusCode).toBe(401)
    expect(res.json()).toMatchObject({ code: 'unauthenticated' })
    expect(await panel.pools()).toEqual([])
  }

  test('when it was made with another key', async () => {
    const panel = await proving()
    const authorization = proofOf(Buffer.alloc(32, 7), create, 'anna', panel.clock.now())
    await refused(panel, panel.send(create, { authorization }))
  })

  const otherEnd = (text: string) => text.slice(0, -1) + (text.endsWith('A') ? 'B' : 'A')
  test.each<[string, RegExp, string | typeof otherEnd]>([
    ['its mac', / mac=./, otherEnd],
    ['its name', /name="anna"/, 'name="mallory"'],
    ['its nonce', /nonce=./, otherEnd],
    ['its moment', /at=(\d{12})./, 'at=$10'],
    ['its hash of the body', /body=[0-9a-f]{2}/, 'body=zz'],
    ['its quotes', /"/g, ''],
    ['everything but its name', /Proof .*/, 'Proof'],
    ['its length', /$/, 'A'],
  ])('when %s is not what was signed', async (_, from, to) => {
    const panel = await proving()
    panel.clock.advance(5)
    const proof = panel.prove(create)
    const authorization = typeof to === 'string' ? proof.replace(from, to) : proof.replace(from, to)
    expect(authorization).not.toBe(proof)
    await refused(panel, panel.send(create, { authorization }))
  })

  test('when it is used a second time, at once or at the end of its life', async () => {
    const panel = await proving()
    const authorization = panel.prove(list)
    expect((await panel.send(list, { authorization })).statusCode).toBe(200)
    await refused(panel, panel.send(list, { authorization }))
    panel.clock.advance(PROOF_MS)
    expect((await panel.send(list)).statusCode).toBe(200)
    await refused(panel, panel.send(list, { authorization }))
  })

  test('when two use it at the same moment: one of them', async () => {
    const panel = await proving()
    const authorization = panel.prove(list)
    const answers = await Promise.all([1, 2, 3].map(() => panel.send(list, { authorization })))
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 401, 401])
  })

  test('when it is more than 30 s old, or from the future', async () => {
    const panel = await proving()
    const authorization = panel.prove(create)
    panel.clock.advance(PROOF_MS + 1)
    await refused(panel, panel.send(create, { authorization }))
    const early = panel.prove(create, 'anna', panel.clock.now() + 1)
    await refused(panel, panel.send(create, { authorization: early }))
  })

  test('when it is from before the start of this panel, which does not know those that were used', async () => {
    const panel = await proving()
    const authorization = panel.prove(create)
    panel.clock.advance(1)
    const restarted = proofService({ masterKey: panel.config.masterKey, clock: panel.clock })
    expect(restarted.take({ method: create.method, path: create.path, authorization })).toBe(null)
  })

  test('when the body is another, is gone, or was added', async () => {
    const panel = await proving()
    const other = JSON.stringify({ ...pool, name: 'other' })
    await refused(panel, panel.send(create, { authorization: panel.prove(create), body: other }))
    await refused(panel, panel.send(create, { authorization: panel.prove(create), body: '' }))
    const none = { ...create, body: undefined }
    await refused(panel, panel.send(create, { authorization: panel.prove(none) }))
  })

  test('when it was made for another path, query or method', async () => {
    const panel = await proving()
    const bare = { ...create, path: `${create.path}?x=1` }
    await refused(panel, panel.send(create, { authorization: panel.prove(bare) }))
    await refused(panel, panel.send(create, { authorization: panel.prove({ ...create, method: 'PUT' }) }))
    await refused(
      panel,
      panel.send(create, { authorization: panel.prove({ ...create, path: '/api/v1/hosts' }) }),
    )
  })

  test.each([
    ['client and scheme', throughEdge],
    ['a client alone', { 'x-argos-client': '127.0.0.1' }],
    ['a scheme alone', { 'x-argos-proto': 'https' }],
  ])('when it comes through the edge, told by %s', async (_, headers) => {
    const panel = await proving()
    await refused(panel, panel.send(create, { headers }))
  })

  test('when it comes with a client that is empty: as any such request, with 400', async () => {
    const panel = await proving()
    const { statusCode } = await panel.send(create, { headers: { 'x-argos-client': '' } })
    expect([statusCode, await panel.pools()]).toEqual([400, []])
  })

  test('when it comes to the plain listener', async () => {
    const panel = await proving({ listener: 'plain' })
    await refused(panel, panel.send(create))
  })

  test('when it comes beside a session that would do', async () => {
    const panel = await proving()
    const anna = clientOf(panel.app)
    await anna.signIn()
    const authorization = proofOf(Buffer.alloc(32, 7), create, 'anna', panel.clock.now())
    await refused(panel, anna.call(poolCreate, pool, { authorization }))
  })
})

const closed = operations.filter((op: Operation) => op.scope !== 'public')
test('no operation takes a forged proof', async () => {
  const { app, clock } = await proving()
  const key = Buffer.from(newToken(), 'base64url')
  for (const op of closed) {
    const request = { method: op.method, path: urlOf(op), body: op.method === 'GET' ? undefined : '{}' }
    const res = await app.inject({
      method: op.method,
      url: request.path,
      headers: { authorization: proofOf(key, request, 'anna', clock.now()) },
      ...(request.body === undefined ? {} : { payload: {} }),
    })
    expect([op.id, res.statusCode]).toEqual([op.id, 401])
  }
})
