import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { settingsUpdate, settingsView, systemStatus } from '@argos/contract'
import { echo, eventually, freePort, repository, startStack } from '@argos/testkit'
import { describe, expect, test } from 'vitest'
import { browse } from '../support/edge.ts'
import { publish, view } from '../support/hosts.ts'

describe('F9 without what is optional', () => {
  test('with no ACME directory in reach everything else works, and the host says what is wrong', async () => {
    await using stack = await startStack()
    await using upstream = await echo()
    const { settings, version } = await stack.api.call(settingsView, {})
    const acmeDirectory = `https://127.0.0.1:${await freePort()}/dir`
    await stack.api.call(settingsUpdate, { body: { settings: { ...settings, acmeDirectory }, version } })
    const host = await publish(stack, { domains: ['auto.example.test'], to: upstream, tls: 'auto' })
    await publish(stack, { domains: ['plain.example.test'], to: upstream })
    await publish(stack, { domains: ['internal.example.test'], to: upstream, tls: 'internal' })
    expect((await browse(stack, 'plain.example.test')).status).toBe(200)
    await eventually('internal TLS', () => browse(stack, 'internal.example.test', { tls: true }))
    const { state } = await eventually(
      'the failure is shown',
      async () => {
        const now = await view(stack, host.id)
        return now.state.certificate.state === 'error' ? now : null
      },
      { timeoutMs: 60_000 },
    )
    expect(state.certificate.error).toBeTruthy()
    await stack.restart('edge')
    await stack.restart('panel')
    expect((await browse(stack, 'plain.example.test')).status).toBe(200)
  })

  test('with its upstream away from the start a host is served as such and recovers by itself', async () => {
    await using stack = await startStack()
    const port = await freePort()
    const targets = [{ address: '127.0.0.1', port, weight: 1, enabled: true }]
    const nobody = await echo()
    const health = { kind: 'tcp' as const, path: '/', intervalS: 5, timeoutS: 1 }
    const host = await publish(stack, {
      domains: ['late.example.test'],
      to: nobody,
      pool: { targets, health },
    })
    await nobody.close()
    expect([502, 503]).toContain((await browse(stack, 'late.example.test')).status)
    await eventually(
      'it is seen as down',
      async () => (await view(stack, host.id)).state.upstream === 'down',
      {
        timeoutMs: 20_000,
      },
    )
    await stack.restart('edge')
    await stack.restart('panel')
    await using upstream = await echo('late', port)
    expect(upstream.port).toBe(port)
    await eventually('it is served', async () => (await browse(stack, 'late.example.test')).status === 200, {
      timeoutMs: 20_000,
    })
    await eventually('it is seen as up', async () => (await view(stack, host.id)).state.upstream === 'up', {
      timeoutMs: 20_000,
    })
  })

  test('without built pages the API answers', async () => {
    await using stack = await startStack({ webDir: '/nonexistent' })
    expect((await stack.api.call(systemStatus, {})).edge.state).toBe('ok')
  })

  test('FT-09 a second panel on the same data refuses to start and disturbs nothing', async () => {
    await using stack = await startStack()
    await using upstream = await echo()
    await publish(stack, { domains: ['app.example.test'], to: upstream })
    const second = spawnSync(process.execPath, [join(repository, 'apps/panel/src/main.ts')], {
      env: {
        PATH: process.env.PATH,
        ARGOS_DATA_DIR: stack.dataDir,
        ARGOS_RUN_DIR: stack.runDir,
        ARGOS_MASTER_KEY: stack.masterKey,
        ARGOS_HTTP_PORT: String(stack.ports.http),
        ARGOS_HTTPS_PORT: String(stack.ports.https),
        ARGOS_PANEL_PORT: String(stack.ports.panel),
      },
      encoding: 'utf8',
      timeout: 20_000,
    })
    expect(second.status, second.stdout + second.stderr).not.toBe(0)
    expect(second.signal).toBeNull()
    expect(second.stdout + second.stderr).toMatch(/already|another|in use|locked|holds/i)
    await stack.reachable()
    await stack.inSync()
    expect((await browse(stack, 'app.example.test')).status).toBe(200)
  })
})
