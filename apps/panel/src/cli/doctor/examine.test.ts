import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '@argos/testkit'
import SQLite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../config.ts'
import { openDatabase } from '../../db/open.ts'
import { rememberKey } from '../../secrets.ts'
import { unsafeFileSystem } from '../../system/disk.ts'
import type { Context, Environment } from '../verb.ts'
import { examine } from './examine.ts'
import { clock, diskSpace, fileSystem, node } from './machine.ts'

const MB = 1024 * 1024
const key = 'ab'.repeat(32)
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'argos-doctor-'))
  chmodSync(folder, 0o700)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** An installation that has run once and does not run now. */
async function installation() {
  const path = join(folder, 'argos.db')
  const { db, close } = await openDatabase(path)
  await rememberKey(db, Buffer.from(key, 'hex'))
  await close()
  const [http, https, panel] = await freePorts(3)
  const env: Environment = {
    ARGOS_DATA_DIR: folder,
    ARGOS_MASTER_KEY: key,
    ARGOS_HTTP_PORT: String(http),
    ARGOS_HTTPS_PORT: String(https),
    ARGOS_PANEL_PORT: String(panel),
    ARGOS_EDGE_BIN: join(folder, 'no-edge'),
  }
  const doctor = async (more: Environment = {}) => {
    const all = { ...env, ...more }
    const context: Context = {
      root: folder,
      env: all,
      envFile: join(folder, '.env'),
      say: () => undefined,
      config: () => loadConfig(all),
      layout: () => loadConfig({ ...all, ARGOS_MASTER_KEY: key }),
    }
    const findings = await examine(context)
    return { findings, of: (about: string) => findings.find((f) => f.about === about) }
  }
  return { path, doctor, http: http ?? 0 }
}

describe('doctor', () => {
  test('finds nothing wrong with what is in order, and says what it looked at', async () => {
    const { doctor } = await installation()
    const { findings } = await doctor()
    const wrong = findings.filter((f) => f.level === 'bad' && f.about !== 'Edge binary')
    expect(wrong).toEqual([])
    for (const about of [
      'Node',
      'Data folder',
      'Database',
      'Schema',
      'Audit trail',
      'Master key',
      'Clock',
      'Disk space',
      'Processes',
      'Sockets',
      'HTTP port',
    ]) {
      expect(findings.map((f) => f.about)).toContain(about)
    }
  })

  test('every finding that is not in order says what to do', async () => {
    const { doctor } = await installation()
    const { findings } = await doctor({ ARGOS_MASTER_KEY: 'cd'.repeat(32), ARGOS_HTTP_PORT: 'x' })
    for (const finding of findings.filter((f) => f.level !== 'ok')) expect(finding.remedy).toBeTruthy()
  })

  test('another key than the database was made with', async () => {
    const { doctor } = await installation()
    expect((await doctor({ ARGOS_MASTER_KEY: 'cd'.repeat(32) })).of('Master key')).toMatchObject({
      level: 'bad',
    })
    expect((await doctor({ ARGOS_MASTER_KEY: undefined })).of('Master key')).toMatchObject({ level: 'bad' })
  })

  test('LO-06 an audit trail that somebody has cut', async () => {
    const { path, doctor } = await installation()
    const sqlite = new SQLite(path)
    sqlite.exec("insert into meta values ('audit_head', '7 abc')")
    sqlite.close()
    expect((await doctor()).of('Audit trail')).toMatchObject({
      level: 'bad',
      found: expect.stringContaining('entry 1'),
    })
  })

  test('a database that is damaged, or of a newer version', async () => {
    const { path, doctor } = await installation()
    const sqlite = new SQLite(path)
    sqlite.exec("insert into kysely_migration values ('9999-later', '')")
    sqlite.close()
    expect((await doctor()).of('Schema')).toMatchObject({
      level: 'bad',
      found: expect.stringContaining('9999-later'),
    })
    writeFileSync(path, 'x'.repeat(8_192))
    expect((await doctor()).of('Database')).toMatchObject({ level: 'bad' })
  })

  test('a folder that is open to others, with the command that closes it', async () => {
    const { doctor } = await installation()
    chmodSync(folder, 0o755)
    expect((await doctor()).of('Data folder')).toMatchObject({
      level: 'warning',
      remedy: `chmod 0700 ${folder}`,
    })
  })

  test('a port that somebody holds, by name', async () => {
    const { doctor, http } = await installation()
    const server = createServer().listen(http)
    await new Promise((resolve) => server.once('listening', resolve))
    const finding = (await doctor()).of('HTTP port')
    expect(finding).toMatchObject({ level: 'bad', found: expect.stringContaining(`${http} is taken by`) })
    if (process.platform === 'linux') expect(finding?.found).toContain(`pid ${process.pid}`)
    server.close()
  })

  test('a socket file that nobody serves', async () => {
    const { doctor } = await installation()
    writeFileSync(join(folder, 'panel.sock'), '')
    const found = (await doctor({ ARGOS_RUN_DIR: folder })).of('Sockets')
    expect(found).toMatchObject({ level: 'warning', found: expect.stringContaining('panel.sock') })
  })

  test.each([
    ['26.10.0', 'ok'],
    ['20.20.2', 'bad'],
  ])('Node %s is %s', (version, level) => expect(node(version).level).toBe(level))

  test.each([
    [10_000 * MB, 'ok'],
    [400 * MB, 'warning'],
    [10 * MB, 'bad'],
    [null, 'warning'],
  ])('%s bytes free are %s', (free, level) => expect(diskSpace('/', free).level).toBe(level))

  test.each([
    [0xef53, null], // ext4
    [0x6969, 'NFS'],
    [0xff534d42, 'CIFS'],
    [0x65735546, 'FUSE'],
  ])('F8 a data folder on a file system of type %s is found to be %s', (type, name) => {
    const unsafe = unsafeFileSystem('/', type)
    expect(unsafe === null ? null : unsafe.split(',')[0]).toBe(name)
    expect(fileSystem('/data', unsafe).level).toBe(name === null ? 'ok' : 'bad')
  })

  test.each([
    { newest: 0, now: 100_000, synchronised: true, level: 'ok' },
    { newest: null, now: 0, synchronised: null, level: 'ok' },
    { newest: 0, now: 0, synchronised: false, level: 'warning' },
    { newest: 7_200_000, now: 0, synchronised: true, level: 'bad' },
  ])(
    'a clock at $now after $newest, synchronised $synchronised, is $level',
    ({ newest, now, synchronised, level }) => expect(clock(newest, now, synchronised).level).toBe(level),
  )
})
