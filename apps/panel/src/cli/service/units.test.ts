import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { scratch } from '@argos/testkit'
import { describe, expect, test } from 'vitest'
import { nodeFlags } from '../run/programs.ts'
import { at, fixedVariables } from './places.ts'
import { configOf, firstSettings, serviceEnv } from './settings.ts'
import { edgeUnit, panelUnit } from './units.ts'

const key = 'ab'.repeat(32)
const lines = (unit: string, name: string) =>
  unit.split('\n').flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []))

describe('the units', () => {
  test('the panel is started as the launcher starts it', () => {
    const [start = ''] = lines(panelUnit(), 'ExecStart')
    expect(start.split(' ').slice(1, -1)).toEqual([...nodeFlags])
  })

  test('the edge is told the port and address of its first page, whatever they are made of', () => {
    const unit = edgeUnit({ httpPort: 8080, bind: 'fe80::1%eth0' })
    // A percent sign alone would name one of systemd's own values.
    expect(lines(unit, 'Environment')).toEqual(['ARGOS_HTTP_PORT=8080', 'ARGOS_BIND=fe80::1%%eth0'])
  })

  test('the panel may nothing, the edge bind its ports', () => {
    for (const [unit, capability] of [
      [edgeUnit({ httpPort: 80, bind: '' }), 'CAP_NET_BIND_SERVICE'],
      [panelUnit(), ''],
    ] as const) {
      expect(lines(unit, 'AmbientCapabilities')).toEqual([capability])
      expect(lines(unit, 'CapabilityBoundingSet')).toEqual([capability])
      // Longer than open requests get to end.
      expect(Number(lines(unit, 'TimeoutStopSec')[0])).toBeGreaterThan(15)
    }
  })

  test('no file that others may read has the key', () => {
    const said = firstSettings({ ARGOS_MASTER_KEY: key, ARGOS_MASTER_KEY_FILE: '/key' }, false)
    expect(said + serviceEnv() + panelUnit()).not.toContain(key)
    expect(said).not.toContain('/key')
  })
})

describe('the settings', () => {
  test('are those of the checkout, without its folders and secrets', () => {
    const env = {
      ARGOS_HTTP_PORT: '8080',
      ARGOS_PUBLIC_ADDRESS: 'https://panel.example.com',
      ARGOS_DATA_DIR: '/home/alice/argos/data',
      ARGOS_EDGE_BIN: '/home/alice/edge',
      ARGOS_INITIAL_ADMIN_PASSWORD: 'a long password',
      PATH: '/bin',
    }
    expect(parseEnv(firstSettings(env, true))).toEqual({
      ARGOS_HTTP_PORT: '8080',
      ARGOS_PUBLIC_ADDRESS: 'https://panel.example.com',
      ARGOS_PANEL_BIND: '0.0.0.0',
    })
  })

  test('what is fixed wins over them, for the panel and for the command', () => {
    using folder = scratch()
    const file = join(folder.path, 'key')
    writeFileSync(file, key)
    const config = configOf('ARGOS_DATA_DIR=/elsewhere\nARGOS_BIND=127.0.0.1\n', file)
    expect(config).toMatchObject({
      dataDir: at.panelData,
      edgeDir: at.edgeData,
      logDir: at.logs,
      sharedDir: at.shared,
      bind: '127.0.0.1',
    })
    expect(() => configOf('ARGOS_HTTP_PORT=many\n', file)).toThrow('ARGOS_HTTP_PORT')
  })

  test('the shell and systemd read the fixed ones alike: plain words', () => {
    for (const [name, value] of Object.entries(fixedVariables)) {
      expect([name, /^[\w./-]+$/.test(value)]).toEqual([name, true])
    }
    expect(parseEnv(serviceEnv())).toMatchObject(fixedVariables)
    expect(parseEnv(serviceEnv()).ARGOS_DATA_DIR).toBe(at.panelData)
  })
})
