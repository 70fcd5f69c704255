import { existsSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { choosePorts } from '../run/ports.ts'
import { type Context, exitCode, Refusal, verb } from '../verb.ts'
import { ensureAccounts, ensureFolders } from './accounts.ts'
import { adopt, lockData, markMoved } from './adopt.ts'
import { put } from './files.ts'
import { masterKeyFor, settingsFor, source, withKey } from './given.ts'
import { at, type Target, targetAt, unitNames } from './places.ts'
import { type Built, builtIn, copyProgram } from './program.ts'
import { rehearse } from './rehearse.ts'
import { configOf } from './settings.ts'
import { startService } from './start.ts'
import { enable, has, isRunning, stateOf } from './systemd.ts'
import { edgeUnit, panelUnit } from './units.ts'

export const install = verb({
  summary: 'Make edge and panel services of systemd, started at boot; again, to update them',
  usage: 'service install [--lan] [--dry-run] [--root FOLDER]',
  options: {
    lan: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    root: { type: 'string' },
  },
  words: {
    lan: 'Let other machines of the network reach the panel: for a first install, as `up --lan`',
    'dry-run': 'Show what would be written and done, and do nothing',
    root: 'Install into the system below this folder, as for an image; nothing is started',
  },
  details: `Run it as root from the folder with the sources, after \`./argos build\`. The program is copied to ${at.program}.
What \`./argos up\` has made in data/ is copied and used from there on; a second install keeps data, settings and key.`,
  async run(context, { lan = false, 'dry-run': dryRun = false, root = '' }) {
    const target = targetAt(root)
    if (dryRun) {
      rehearse(context, target, lan)
      return exitCode.ok
    }
    await refuseUnfit(context, target)
    const built = builtIn(context.root, context.env.ARGOS_EDGE_BIN)
    const key = masterKeyFor(context, target)
    const settings = settingsFor(context, target, lan)
    // All that can be wrong with them is said before anything is changed.
    const config = withKey(key, (file) => configOf(settings, file))
    const from = source(context, target)
    const lock = from && (await lockData(from))
    try {
      if (isRunning(target) && stateOf(target, unitNames[0]) !== 'active') await refuseTakenPorts(config)
      await write(context, { target, built, key, settings, config, from })
    } finally {
      lock?.release()
    }
    await startService(context, target, config)
    return exitCode.ok
  },
})

interface Work {
  readonly target: Target
  readonly built: Built
  readonly key: string
  readonly settings: string
  readonly config: Config
  readonly from: Config | null
}

async function write(
  { root, say }: Context,
  { target, built, key, settings, config, from }: Work,
): Promise<void> {
  const accounts = ensureAccounts(target)
  ensureFolders(target, accounts)
  mkdirSync(target.path(join(at.program, '..')), { recursive: true })
  copyProgram(root, built, target.path(at.program))
  say(`  Program    ${at.program}`)
  put(target.path(at.masterKey), `${key}\n`, 0o600)
  put(target.path(at.settings), settings, 0o600)
  say(`  Settings   ${at.settings}; the master key: ${at.masterKey}`)
  if (from) {
    adopt(from, target, accounts)
    markMoved(from)
    say(
      `  Data       copied from ${from.dataDir} to ${at.state}; the old folder stays as a copy of this moment`,
    )
  } else say(`  Data       ${at.state}`)
  const { ports, bind } = config
  put(target.path(join(at.units, unitNames[0])), edgeUnit({ httpPort: ports.http, bind }), 0o644)
  put(target.path(join(at.units, unitNames[1])), panelUnit(), 0o644)
  linkCommand(target)
  enable(target)
  say(`  Units      ${unitNames.join(', ')}; started at boot`)
}

async function refuseUnfit(context: Context, target: Target): Promise<void> {
  if (process.platform !== 'linux') throw new Refusal('Services of systemd exist on Linux alone.')
  if (process.getuid?.() !== 0) {
    throw new Refusal('Only root may make a service.', 'Type: sudo ./argos service install')
  }
  if (!has('systemctl')) {
    throw new Refusal('There is no systemd on this system.', 'docs/docker.md has the other way.')
  }
  if (context.root === at.program) {
    throw new Refusal('This is the installed program itself.', 'Install from the folder with the sources.')
  }
  const program = target.path(at.program)
  if (existsSync(program) && !existsSync(join(program, 'service.env'))) {
    throw new Refusal(`${program} exists, and is not from an install.`, 'Move it away, then install again.')
  }
}

const refuseTakenPorts = ({ ports, bind, panelBind }: Config) =>
  choosePorts({ ports, bind, panelBind, mayChoose: false })

function linkCommand(target: Target): void {
  const link = target.path(at.command)
  const there = lstatSync(link, { throwIfNoEntry: false })
  const ours = there?.isSymbolicLink() && readlinkSync(link).startsWith(at.program)
  // Somebody's own `argos` is left alone.
  if (there && !ours) return
  mkdirSync(join(link, '..'), { recursive: true })
  rmSync(`${link}.new`, { force: true })
  symlinkSync(join(at.program, 'bin/argos'), `${link}.new`)
  renameSync(`${link}.new`, link)
}
