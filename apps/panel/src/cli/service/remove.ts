import { lstatSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { exitCode, Refusal, verb } from '../verb.ts'
import { removeAccounts } from './accounts.ts'
import { at, type Target, targetAt, unitNames } from './places.ts'
import { isRunning, stateOf, systemctl } from './systemd.ts'

export const remove = verb({
  summary: 'Stop both services and take them out again; data, settings and key stay',
  usage: 'service remove [--purge] [--root FOLDER]',
  options: { purge: { type: 'boolean' }, root: { type: 'string' } },
  words: {
    purge: 'Delete data, certificates, logs, settings, the master key and the users as well',
    root: 'In the system below this folder',
  },
  details: 'What --purge deletes cannot be had back; a backup is a copy of the folders it names.',
  run(context, { purge = false, root = '' }) {
    if (process.getuid?.() !== 0) {
      throw new Refusal('Only root may remove the service.', 'Type: sudo argos service remove')
    }
    const target = targetAt(root)
    const units = unitNames.filter((unit) => exists(target.path(join(at.units, unit))))
    if (isRunning(target)) {
      if (units.length > 0) systemctl('--quiet', 'disable', '--now', ...units)
    } else {
      for (const unit of unitNames)
        rmSync(target.path(join(at.units, 'multi-user.target.wants', unit)), { force: true })
    }
    for (const unit of unitNames) rmSync(target.path(join(at.units, unit)), { force: true })
    if (isRunning(target)) systemctl('daemon-reload')
    if (isOurs(target)) rmSync(target.path(at.command))
    // As an install sees it: a folder without this file is somebody else's.
    const found = exists(target.path(join(at.program, 'service.env')))
    if (found) rmSync(target.path(at.program), { recursive: true, force: true })
    // systemd takes its own folders out of the second at a stop, and leaves it empty.
    for (const path of [at.cache, at.run]) rmSync(target.path(path), { recursive: true, force: true })
    const kept = [at.state, at.logs, '/etc/argos'].filter((path) => exists(target.path(path)))
    if (purge) {
      for (const path of kept) rmSync(target.path(path), { recursive: true, force: true })
      removeAccounts(target)
    }
    if (units.length === 0 && !found && kept.length === 0) context.say('The service is not installed.')
    else context.say(purge ? 'The service is removed, and its data deleted.' : 'The service is removed.')
    if (!purge && kept.length > 0) {
      context.say(`Data, settings and the master key are still in ${kept.join(', ')}.`)
      context.say('Another `service install` goes on with them; `service remove --purge` deletes them.')
    }
    return exitCode.ok
  },
})

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

function isOurs(target: Target): boolean {
  const link = target.path(at.command)
  const there = lstatSync(link, { throwIfNoEntry: false })
  return there?.isSymbolicLink() === true && readlinkSync(link).startsWith(at.program)
}

export const status = verb({
  summary: 'Whether the services are installed, started at boot and running',
  usage: 'service status [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  details: 'Exit code 0 when both run, else 1. `status` tells what edge and panel themselves say.',
  run(context, { json }) {
    const target = targetAt('')
    const units = unitNames.map((unit) => ({
      unit,
      installed: exists(join(at.units, unit)),
      atBoot: exists(join(at.units, 'multi-user.target.wants', unit)),
      state: stateOf(target, unit),
    }))
    if (json) context.say(JSON.stringify({ units }, null, 2))
    else
      for (const { unit, installed, atBoot, state } of units) {
        const boot = atBoot ? 'started at boot' : 'not started at boot'
        context.say(`  ${unit.padEnd(22)}${installed ? `${state}, ${boot}` : 'not installed'}`)
      }
    return units.every(({ state }) => state === 'active') ? exitCode.ok : exitCode.failed
  },
})
