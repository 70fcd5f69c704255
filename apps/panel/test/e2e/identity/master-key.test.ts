import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostList, login, meView, settingsUpdate, settingsView, systemStatus } from '@argos/contract'
import {
  ApiRefusal,
  admin,
  page as aPage,
  eventually,
  type Stack,
  startStack,
  type Upstream,
} from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statusOf } from '../../support/edge.ts'
import { publish } from '../../support/hosts.ts'

describe('the master key', () => {
  let stack: Stack
  let upstream: Upstream
  const keys = [1, 2, 3].map(() => randomBytes(32).toString('hex')) as [string, string, string]
  const [own, foreign, next] = keys
  const file = (name: string) => join(stack.dataDir, name)
  /** The panel, started again with these keys. */
  const startWith = async (key: string, former = '') => {
    await stack.kill('panel', 'SIGTERM')
    writeFileSync(file('key'), key)
    writeFileSync(file('former'), former)
    stack.start('panel')
    await stack.reachable()
  }
  const change = async () => {
    const { settings, version } = await stack.api.call(settingsView, {})
    const trustedProxies = [`192.0.2.${version % 250}/32`]
    return stack.api.call(settingsUpdate, { body: { settings: { ...settings, trustedProxies }, version } })
  }

  beforeAll(async () => {
    upstream = await aPage('Served')
    stack = await startStack({
      env: ({ dataDir }) => {
        writeFileSync(join(dataDir, 'key'), own)
        writeFileSync(join(dataDir, 'former'), '')
        return {
          ARGOS_MASTER_KEY: '',
          ARGOS_MASTER_KEY_FILE: join(dataDir, 'key'),
          ARGOS_FORMER_MASTER_KEY_FILE: join(dataDir, 'former'),
        }
      },
    })
    await publish(stack, { domains: ['app.example.test'], to: upstream })
    await stack.inSync()
  })
  afterAll(async () => {
    await stack.stop()
    await upstream.close()
  })

  test('SC-05 with another one the panel shows everything and changes nothing, and hosts are served', async () => {
    await startWith(foreign)
    expect(await statusOf(stack, 'app.example.test')).toBe(200)
    const again = stack.stranger()
    again.signedIn(await again.call(login, { body: admin }))
    expect((await again.call(meView, {})).warnings).toContain('wrong_key')
    expect((await again.call(hostList, {})).hosts).toHaveLength(1)
    stack.api.signedIn(await stack.api.call(login, { body: admin }))
    const refused = await change().catch((err: unknown) => err)
    expect(refused).toBeInstanceOf(ApiRefusal)
    expect(refused).toMatchObject({ status: 503, problem: { code: 'read_only' } })
    expect(stack.logs('panel')).toContain('put the key of your recovery sheet back')
    expect(stack.logs('panel')).not.toContain(foreign)

    await startWith(own)
    stack.api.signedIn(await stack.api.call(login, { body: admin }))
    await change()
    expect((await stack.api.call(meView, {})).warnings).toEqual([])
  })

  test('SC-06 with the former one beside it a new key takes over, and is enough from then on', async () => {
    await startWith(next, own)
    expect(stack.logs('panel')).toContain('everything is sealed with the new master key')
    await startWith(next)
    stack.api.signedIn(await stack.api.call(login, { body: admin }))
    await change()
    await eventually('all is live', async () => (await stack.api.call(systemStatus, {})).generations.inSync)
    expect(await statusOf(stack, 'app.example.test')).toBe(200)
    await startWith(own)
    stack.api.signedIn(await stack.api.call(login, { body: admin }))
    expect((await stack.api.call(meView, {})).warnings, 'the old one opens nothing').toContain('wrong_key')
  })
})
