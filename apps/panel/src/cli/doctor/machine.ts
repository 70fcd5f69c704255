import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { freeBytes, UNSAFE_REMEDY, unsafeFileSystem } from '../../system/disk.ts'
import { bad, type Finding, ok, warning } from './finding.ts'

const MB = 1024 * 1024
const OLDEST_NODE = 26

export function node(version = process.versions.node): Finding {
  const major = Number(version.split('.')[0])
  return major >= OLDEST_NODE
    ? ok('Node', version)
    : bad(
        'Node',
        `${version} is too old`,
        `Start Argos with ./argos, which brings Node ${OLDEST_NODE} along.`,
      )
}

/** `expected` is the project's own version. */
export function edgeBinary(path: string, expected: string): Finding {
  if (!existsSync(path)) return bad('Edge binary', `${path} is missing`, '`./argos build edge` makes it.')
  const { status, stdout, error } = spawnSync(path, ['version', '--json'], {
    encoding: 'utf8',
    timeout: 10_000,
  })
  if (status !== 0) {
    const why = error?.message ?? `it ended with code ${status}`
    return bad('Edge binary', `${path} does not start: ${why}`, 'Remove it and run `./argos build edge`.')
  }
  const said = JSON.parse(stdout) as { version: string; caddy: string }
  return said.version === expected
    ? ok('Edge binary', `${said.version} (Caddy ${said.caddy})`)
    : warning(
        'Edge binary',
        `it is ${said.version}, Argos is ${expected}`,
        '`./argos build edge`, then `./argos restart`.',
      )
}

export function diskSpace(folder: string, free = freeBytes(folder)): Finding {
  if (free === null)
    return warning('Disk space', `${folder} does not say how much is free`, 'Look with `df`.')
  const found = `${Math.floor(free / MB).toLocaleString('en')} MB free`
  if (free < 50 * MB) return bad('Disk space', found, 'Make room: nothing can be saved without it.')
  if (free < 500 * MB) return warning('Disk space', found, 'Make room before it is needed.')
  return ok('Disk space', found)
}

/** `unsafe` is what makes the folder's file system unfit, in words. */
export const fileSystem = (folder: string, unsafe = unsafeFileSystem(folder)): Finding =>
  unsafe === null
    ? ok('File system', `of ${folder} is fit for a database`)
    : bad('File system', `${folder} is on ${unsafe}: the database may break there`, UNSAFE_REMEDY)

/** `newest` is the time of the newest thing that was written down. */
export function clock(
  newest: number | null,
  now = Date.now(),
  synchronised: boolean | null = timeIsSynchronised(),
): Finding {
  const behindMs = newest === null ? 0 : newest - now
  if (behindMs > 60_000) {
    return bad(
      'Clock',
      `it is ${Math.ceil(behindMs / 60_000)} minutes behind what Argos wrote down last`,
      'Set the clock: certificates and sessions depend on it.',
    )
  }
  const found = new Date(now).toISOString()
  return synchronised === false
    ? warning(
        'Clock',
        `${found}, not synchronised`,
        'Turn on time synchronisation, such as systemd-timesyncd or chrony.',
      )
    : ok('Clock', found)
}

/** Null when the machine does not say. */
function timeIsSynchronised(): boolean | null {
  const asked = spawnSync('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], {
    encoding: 'utf8',
    timeout: 3_000,
  })
  if (asked.status !== 0) return null
  return asked.stdout.trim() === 'yes'
}
