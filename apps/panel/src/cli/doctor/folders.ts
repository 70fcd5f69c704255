import { existsSync, statSync } from 'node:fs'
import type { Config } from '../../config.ts'
import { bad, type Finding, ok, warning } from './finding.ts'

interface Place {
  readonly about: string
  readonly path: string
  /** The most that others may have. */
  readonly most: number
}

/** Whether files and folders keep others out. What is not there yet is no fault. */
export function modes(
  config: Pick<Config, 'dataDir' | 'runDir' | 'databasePath'>,
  envFile: string,
): Finding[] {
  const places: readonly Place[] = [
    { about: 'Data folder', path: config.dataDir, most: 0o700 },
    { about: 'Run folder', path: config.runDir, most: 0o750 },
    { about: 'Database file', path: config.databasePath, most: 0o600 },
    { about: 'Settings file', path: envFile, most: 0o600 },
  ]
  return places.filter(({ path }) => existsSync(path)).map(modeOf)
}

function modeOf({ about, path, most }: Place): Finding {
  const { mode, uid } = statSync(path)
  const octal = (bits: number) => (bits & 0o777).toString(8).padStart(4, '0')
  const own = process.getuid?.()
  if (own !== undefined && own !== 0 && uid !== own) {
    return bad(
      about,
      `${path} belongs to another user (uid ${uid})`,
      `chown it to yours, or run Argos as that user.`,
    )
  }
  return (mode & 0o777 & ~most) === 0
    ? ok(about, `${path} (${octal(mode)})`)
    : warning(about, `${path} is open to others (${octal(mode)})`, `chmod ${octal(most)} ${path}`)
}
