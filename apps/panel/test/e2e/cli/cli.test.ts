import { userInfo } from 'node:os'
import {
  type AuditEntry,
  type Host,
  hostList,
  hostView,
  type Pool,
  poolCreate,
  poolView,
  requestOf,
} from '@argos/contract'
import { echo, type Stack, startStack, type Upstream, visit } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { proofOf } from '../../../src/http/proof.ts'
import { type RunVerb, verbsFor } from '../../support/verbs.ts'

let stack: Stack
let upstream: Upstream
let argos: RunVerb
beforeAll(async () => {
  ;[stack, upstream] = await Promise.all([startStack(), echo('first')])
  argos = verbsFor(stack)
})
afterAll(async () => {
  await stack?.stop()
  await upstream?.[Symbol.asyncDispose]()
})

const url = () => `http://127.0.0.1:${upstream.port}`
const get = (name: string) => visit({ port: stack.ports.http, name })
const ok = async (...args: readonly string[]) => {
  const ended = await argos(...args)
  expect(ended, args.join(' ')).toMatchObject({ code: 0, err: '' })
  return ended.out
}
const json = async <T>(...args: readonly string[]) => JSON.parse(await ok(...args, '--json')) as T
const add = (name: string, ...args: readonly string[]) =>
  ok('host', 'add', name, url(), '--tls', 'none', ...args)

describe('a host', () => {
  test('is added, served, paused, served again and removed; each answer comes when it is true', async () => {
    expect(await add('app.cli.example', '--tag', 'media', '--tag', 'home')).toBe(
      'Published app.cli.example: live.\n',
    )
    expect(await get('app.cli.example')).toMatchObject({ status: 200, headers: { 'x-upstream': 'first' } })

    expect(await ok('host', 'disable', 'APP.cli.example.')).toBe('Disabled app.cli.example: paused.\n')
    expect(await get('app.cli.example')).toMatchObject({ status: 404 })

    expect(await ok('host', 'enable', 'app.cli.example')).toBe('Enabled app.cli.example: live.\n')
    expect(await get('app.cli.example')).toMatchObject({ status: 200 })

    expect(await ok('host', 'rm', 'app.cli.example')).toBe('Deleted app.cli.example: gone.\n')
    expect((await get('app.cli.example')).status).not.toBe(200)
    expect(await argos('host', 'show', 'app.cli.example')).toMatchObject({ code: 3, out: '' })
  })

  test('added with --paused is not served until it is enabled', async () => {
    expect(await add('later.cli.example', '--paused')).toBe('Added later.cli.example: saved, paused.\n')
    expect((await get('later.cli.example')).status).not.toBe(200)
    await ok('host', 'enable', 'later.cli.example')
    expect((await get('later.cli.example')).status).toBe(200)
  })

  test('keeps everything that `host set` does not name', async () => {
    await add('set.cli.example', '--tag', 'media', '--note', 'for the films')
    const before = await json<Host>('host', 'show', 'set.cli.example')
    expect(await ok('host', 'set', 'set.cli.example', 'tags=home,films')).toBe(
      'Changed set.cli.example: live.\n',
    )
    const after = await json<Host>('host', 'show', 'set.cli.example')
    const kept = ({ domains, enabled, tls, note, poolId }: Host) => ({ domains, enabled, tls, note, poolId })
    expect(kept(after)).toEqual(kept(before))
    expect(after.tags).toEqual(['home', 'films'])
    await ok('host', 'set', 'set.cli.example', 'note=', 'names=set.cli.example,also.cli.example')
    expect(await stack.api.call(hostView, { params: { id: before.id } })).toMatchObject({
      note: '',
      tags: ['home', 'films'],
      domains: ['set.cli.example', 'also.cli.example'],
    })
    expect((await get('also.cli.example')).status).toBe(200)
  })

  test('is shown and listed for people, aligned, and as JSON', async () => {
    await add('shown.cli.example', '--tag', 'seen')
    const lines = (await ok('host', 'list', '--tag', 'seen')).trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]?.indexOf('live')).toBe(lines[0]?.indexOf('STATE'))
    expect(await ok('host', 'show', 'shown.cli.example')).toMatch(/^Names +shown\.cli\.example\n/)
    const { hosts } = await json<{ hosts: Host[] }>('host', 'list')
    expect(hosts.map((h) => h.id).toSorted()).toEqual(
      (await stack.api.call(hostList, {})).hosts.map((h) => h.id).toSorted(),
    )
  })

  test('is not added with --probe when nothing answers there', async () => {
    const { code, err } = await argos(
      'host',
      'add',
      'probed.cli.example',
      '127.0.0.1:1',
      '--tls',
      'none',
      '--probe',
    )
    expect([code, err]).toEqual([1, expect.stringContaining('Nothing listens on 127.0.0.1:1')])
    expect(await argos('host', 'show', 'probed.cli.example')).toMatchObject({ code: 3 })
    expect(await add('probed.cli.example', '--probe')).toBe('Published probed.cli.example: live.\n')
  })
})

describe('a pool', () => {
  test('is added, used by a host, moved elsewhere for it, and removed only when unused', async () => {
    await using second = await echo('second')
    expect(await ok('pool', 'add', 'shared', url())).toBe('Added the pool shared: live.\n')
    await ok('host', 'add', 'pooled.cli.example', '--pool', 'shared', '--tls', 'none')
    const before = await json<Pool>('pool', 'show', 'shared')

    expect(await ok('pool', 'set', 'shared', `targets=127.0.0.1:${second.port}@3`)).toBe(
      'Changed the pool shared: live.\n',
    )
    expect((await get('pooled.cli.example')).headers['x-upstream']).toBe('second')
    const after = await stack.api.call(poolView, { params: { id: before.id } })
    expect(after.targets).toMatchObject([
      { address: '127.0.0.1', port: second.port, weight: 3, enabled: true },
    ])
    expect(after).toMatchObject({ protocol: before.protocol, health: before.health, name: 'shared' })

    const { code, err } = await argos('pool', 'rm', 'shared')
    expect([code, err]).toEqual([1, expect.stringContaining('shared is used by pooled.cli.example')])
    await ok('pool', 'add', 'spare', url())
    await ok('host', 'set', 'pooled.cli.example', 'pool=spare')
    expect(await ok('pool', 'rm', 'SHARED')).toBe('Deleted the pool shared: gone.\n')
    expect(await ok('pool', 'list')).not.toContain('shared')
  })
})

describe('what is wrong ends with its code, one line for what and one for the remedy:', () => {
  const typed = 'host add taken.cli.example http://192.0.2.1'
  test.each([
    ['2 for a word too few', 'host add', 'The name to publish is missing'],
    ['2 for an option that is none', 'host list --colour', '--colour'],
    ['2 for an action that is none', 'host publish', 'There is no `host publish`'],
    ['2 for a key that is none', 'host set taken.cli.example colour=red', 'There is no key `colour`'],
    ['2 for a choice that is none', `${typed} --tls maybe`, '--tls has no choice `maybe`'],
    ['3 for a host that is not there', 'host rm nobody.cli.example', 'There is no host `nobody.cli.example`'],
    ['3 for a pool that is not there', 'pool show nobody', 'There is no pool `nobody`'],
    ['3 for a revision that is not there', 'revisions show 999999', 'There is no revision r999999'],
    [
      '4 for a name that cannot be',
      'host add nodot http://192.0.2.1 --tls none',
      'domains.0: `nodot` has no dot',
    ],
    ['4 for an address that is none', 'host add ok.cli.example ftp://192.0.2.1', 'url: '],
    ['4 for a name that is taken', typed, 'domains.0: taken.cli.example is published already'],
    ['4 for a target that leads inside', 'pool add metadata http://169.254.169.254', 'targets.0.address: '],
  ])('%s', async (expected, words, said) => {
    if (words === typed) await argos(...words.split(' '), '--tls', 'none')
    const { code, out, err } = await argos(...words.split(' '))
    const [what, remedy] = err.trimEnd().split('\n')
    expect([code, out]).toEqual([Number(expected[0]), ''])
    expect(what).toContain(`argos: ${said.startsWith('--colour') ? '' : said}`)
    expect(remedy).toMatch(/^ {7}\S/)
  })

  test('with --json the refusal is a document on standard output as well', async () => {
    const { code, out } = await argos('host', 'add', 'nodot', url(), '--json')
    expect(code).toBe(4)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'invalid', fields: [{ path: 'domains.0' }] } })
  })

  test('1 when no panel runs, with what starts it', async () => {
    const { code, err } = await verbsFor(stack, { ARGOS_PANEL_SOCKET: `${stack.runDir}/none.sock` })(
      'pool',
      'list',
    )
    expect([code, err]).toEqual([1, expect.stringMatching(/No panel runs here.*\n.*argos up.* starts it/)])
  })

  test('1 with another key than the panel has', async () => {
    const other = verbsFor(stack, { ARGOS_MASTER_KEY: 'ab'.repeat(32) })
    expect(await other('host', 'list')).toMatchObject({ code: 1, out: '' })
  })
})

describe('the trail', () => {
  test('names the command line and its user, and is whole', async () => {
    await add('trail.cli.example')
    const { entries } = await json<{ entries: AuditEntry[] }>(
      'audit',
      'list',
      '--search',
      'trail.cli.example',
    )
    expect(entries[0]).toMatchObject({
      action: 'host.create',
      actor: { kind: 'cli', name: userInfo().username },
      address: null,
    })
    expect(await ok('audit', 'list', '-n', '5')).toContain(`${userInfo().username} (cli)`)
    expect(await ok('audit', 'verify')).toMatch(/^All \d+ entries are as they were written\.\n$/)
  })

  test('and the revisions have what went live', async () => {
    await add('revised.cli.example')
    const { revisions } = await json<{ revisions: { number: number; words: string[] }[] }>(
      ...['revisions', 'list', '--host', 'revised.cli.example'],
    )
    expect(revisions[0]?.words.join()).toContain('Published revised.cli.example')
    expect(await ok('revisions', 'show', `r${revisions[0]?.number}`)).toMatch(/Outcome +live\n/)
  })
})

test('a valid proof is refused with 401 when it comes through the edge, where visitors are', async () => {
  const body = { name: 'outside', targets: [{ address: '192.0.2.10', port: 80 }] }
  const request = requestOf(poolCreate, { body })
  const authorization = proofOf(Buffer.from(stack.masterKey, 'hex'), request, 'anna', Date.now())
  const answer = await stack.stranger().raw({
    method: request.method,
    path: request.path,
    headers: { authorization, 'content-type': 'application/json' },
    ...(request.body === undefined ? {} : { body: request.body }),
  })
  expect(answer.status).toBe(401)
  expect(await ok('pool', 'list')).not.toContain('outside')
})
