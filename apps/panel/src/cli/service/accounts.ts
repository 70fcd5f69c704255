import { chmodSync, chownSync, lchownSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { at, group, type Target, users } from './places.ts'
import { command } from './systemd.ts'

export interface Accounts {
  readonly edge: number
  readonly panel: number
  readonly group: number
}

/** Makes the group and both users where they are missing; none of them can sign in. */
export function ensureAccounts(target: Target): Accounts {
  const prefix = target.root === '' ? [] : ['--prefix', target.root]
  if (idOf(target, 'group', group) === null) command('groupadd', [...prefix, '--system', group])
  for (const [name, home] of [
    [users.edge, at.edgeData],
    [users.panel, at.panelData],
  ] as const) {
    if (idOf(target, 'passwd', name) !== null) continue
    const account = ['--system', '--gid', group, '--home-dir', home, '--no-create-home']
    command('useradd', [...prefix, ...account, '--shell', '/usr/sbin/nologin', name])
  }
  return {
    edge: required(target, 'passwd', users.edge),
    panel: required(target, 'passwd', users.panel),
    group: required(target, 'group', group),
  }
}

export function removeAccounts(target: Target): void {
  const prefix = target.root === '' ? [] : ['--prefix', target.root]
  for (const name of Object.values(users)) {
    if (idOf(target, 'passwd', name) !== null) command('userdel', [...prefix, name])
  }
  if (idOf(target, 'group', group) !== null) command('groupdel', [...prefix, group])
}

function idOf(target: Target, file: 'passwd' | 'group', name: string): number | null {
  const lines = readFileSync(target.path(`/etc/${file}`), 'utf8').split('\n')
  const id = lines.find((line) => line.startsWith(`${name}:`))?.split(':')[2]
  return id === undefined ? null : Number(id)
}

function required(target: Target, file: 'passwd' | 'group', name: string): number {
  const id = idOf(target, file, name)
  if (id === null) throw new Error(`${name} is missing in ${target.path(`/etc/${file}`)}`)
  return id
}

/** The folders that last. Those of `/run` and the cache are made by systemd at each start. */
export function ensureFolders(target: Target, { edge, panel, group }: Accounts): void {
  for (const [path, mode, owner, owners] of [
    ['/etc/argos', 0o755, 0, 0],
    [at.state, 0o755, 0, 0],
    [at.panelData, 0o700, panel, group],
    [at.edgeData, 0o700, edge, group],
    [at.shared, 0o750, panel, group],
    [at.logs, 0o750, edge, group],
  ] as const) {
    mkdirSync(target.path(path), { recursive: true })
    chmodSync(target.path(path), mode)
    chownSync(target.path(path), owner, owners)
  }
}

/** Gives a folder and all in it to somebody; links themselves, never what they lead to. */
export function give(path: string, owner: number, owners: number): void {
  lchownSync(path, owner, owners)
  if (lstatSync(path).isDirectory())
    for (const name of readdirSync(path)) give(join(path, name), owner, owners)
}
