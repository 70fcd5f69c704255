const levels: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}
/** Fields every line has and nobody reads. */
const dull = new Set(['time', 'ts', 'level', 'msg', 'pid', 'hostname', 'logger', 'v'])

/** A JSON log line of the panel (pino) or the edge (zap) as one line for people; anything else as it is. */
export function readable(line: string, source?: string): string {
  const prefix = source === undefined ? '' : `${source.padEnd(6)} `
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(line) as Record<string, unknown>
  } catch {
    return prefix + line
  }
  if (typeof entry !== 'object' || entry === null) return prefix + line
  const ms =
    typeof entry.time === 'number' ? entry.time : typeof entry.ts === 'number' ? entry.ts * 1_000 : null
  const at = ms === null ? String(entry.ts ?? entry.time ?? '-') : new Date(ms).toISOString()
  const level =
    typeof entry.level === 'number' ? (levels[entry.level] ?? entry.level) : (entry.level ?? 'info')
  const rest = Object.entries(entry)
    .filter(([name]) => !dull.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const logger = typeof entry.logger === 'string' ? `${entry.logger}: ` : ''
  return [`${prefix}${at}`, String(level).padEnd(5), `${logger}${String(entry.msg ?? '')}`, ...rest]
    .join(' ')
    .trimEnd()
}
