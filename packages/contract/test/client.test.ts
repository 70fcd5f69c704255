import { describe, expect, test } from 'vitest'
import {
  ApiError,
  type ApiRequest,
  answerOf,
  caller,
  hostBulk,
  hostList,
  hostView,
  logout,
  requestOf,
  revisionList,
} from '../src/index.ts'

describe('a request', () => {
  test.each<[string, ApiRequest, ApiRequest]>([
    [
      'a parameter cannot leave its place in the path',
      requestOf(hostView, { params: { id: '../pools?x=1#y' } }),
      { method: 'GET', path: '/api/v1/hosts/..%2Fpools%3Fx%3D1%23y', body: undefined },
    ],
    [
      'a query is escaped, and what is empty or undefined left out',
      requestOf(hostList, { query: { q: 'a&tag=b c', tag: '' } }),
      { method: 'GET', path: '/api/v1/hosts?q=a%26tag%3Db+c', body: undefined },
    ],
    [
      'zero is a value',
      requestOf(revisionList, { query: { before: 0 } }),
      { method: 'GET', path: '/api/v1/revisions?before=0', body: undefined },
    ],
    [
      'nothing asked is nothing sent',
      requestOf(hostList, {}),
      { method: 'GET', path: '/api/v1/hosts', body: undefined },
    ],
    [
      'a body is JSON',
      requestOf(hostBulk, { body: { ids: ['h1'], action: { kind: 'enable' } } }),
      { method: 'POST', path: '/api/v1/hosts/bulk', body: '{"ids":["h1"],"action":{"kind":"enable"}}' },
    ],
  ])('%s', (_, request, expected) => {
    expect(request).toEqual(expected)
  })
})

describe('an answer', () => {
  const thrown = (status: number, body: string): ApiError => {
    try {
      answerOf(hostList, { status, body })
    } catch (err) {
      if (err instanceof ApiError) return err
    }
    throw new Error('it was taken for a success')
  }

  test('is what was answered, and nothing for a 204', async () => {
    const asked: ApiRequest[] = []
    const call = caller(async (request) => {
      asked.push(request)
      return request.path.endsWith('logout')
        ? { status: 204, body: '' }
        : { status: 200, body: '{"hosts":[],"tags":[]}' }
    })
    expect(await call(hostList, {})).toEqual({ hosts: [], tags: [] })
    expect(await call(logout, {})).toBe(undefined)
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'POST'])
  })

  test('that refuses becomes an error with code, fields and request', () => {
    const problem = {
      code: 'busy',
      message: 'Busy.',
      requestId: 'r1',
      fields: [{ path: 'domains.0', message: 'No.' }],
      retryAfterS: 2,
    }
    const err = thrown(503, JSON.stringify(problem))
    expect(err).toMatchObject({ ...problem, status: 503 })
    expect([err.field('domains.0'), err.field('domains.1')]).toEqual(['No.', undefined])
  })

  test.each(['', '<html>', 'null', '[]', '"code"', '{"code":"busy"}'])(
    'that refuses with %j is no success either, and says its status',
    (body) => {
      expect(thrown(502, body)).toMatchObject({
        code: 'internal',
        status: 502,
        message: expect.stringContaining('502'),
      })
    },
  )
})
