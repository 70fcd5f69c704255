import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from '../verb.ts'
import { type Target, unitNames } from './places.ts'

/** Where a system has its own programs, whatever `sudo` has left of the path. */
const PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
const env = { PATH: PATH.join(':'), LC_ALL: 'C' }

export const has = (program: string): boolean => PATH.some((folder) => existsSync(join(folder, program)))

/** Runs a program of the system to its end; what it said stands in the refusal when it fails. */
export function command(name: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(name, args, { env, encoding: 'utf8' })
  if (status === 0) return stdout
  const said = error?.message ?? (stderr.trim() || `it ended with ${status}`)
  throw new Refusal(`${[name, ...args].join(' ')}: ${said}`)
}

/** Whether systemd is what runs this system, rather than only its files being here. */
export const isRunning = ({ root }: Target): boolean => root === '' && existsSync('/run/systemd/system')

export const systemctl = (...args: readonly string[]): string => command('systemctl', args)

export function enable({ root }: Target): void {
  systemctl(...(root === '' ? [] : [`--root=${root}`]), '--quiet', 'enable', ...unitNames)
}

/** `active`, `inactive`, `failed` and so on; `unknown` where systemd does not run. */
export function stateOf(target: Target, unit: string): string {
  if (!isRunning(target)) return 'unknown'
  const { stdout } = spawnSync('systemctl', ['is-active', unit], { env, encoding: 'utf8' })
  return stdout.trim() || 'unknown'
}

/** The last lines of both, as the journal has them. */
export function journal(lines: number): string {
  const units = unitNames.flatMap((unit) => ['--unit', unit])
  const args = [...units, '--lines', String(lines), '--output', 'short-iso', '--no-pager', '--no-hostname']
  return (spawnSync('journalctl', args, { env, encoding: 'utf8' }).stdout ?? '').trimEnd()
}
