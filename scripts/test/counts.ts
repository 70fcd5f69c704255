/** What a stage found. Failed and skipped tests are kept by name, as people look for them. */
export interface Tally {
  readonly passed: number
  readonly failed: readonly string[]
  readonly skipped: readonly string[]
}

export const nothing: Tally = { passed: 0, failed: [], skipped: [] }
export const one = (name: string, ok: boolean): Tally =>
  ok ? { ...nothing, passed: 1 } : { ...nothing, failed: [name] }
export const skip = (name: string): Tally => ({ ...nothing, skipped: [name] })

export const sum = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((n, { passed }) => n + passed, 0),
  failed: tallies.flatMap(({ failed }) => failed),
  skipped: tallies.flatMap(({ skipped }) => skipped),
})

export const line = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** Reads Vitest's JSON report. A file that failed before its first test counts as one failure. */
export function vitestTally(json: string, root: string): Tally {
  const { testResults } = JSON.parse(json) as VitestReport
  return sum(
    testResults.map((file) => {
      const name = file.name.replace(`${root}/`, '')
      const named = (wanted: (status: string) => boolean) =>
        file.assertionResults.filter(({ status }) => wanted(status)).map((t) => `${name}: ${t.fullName}`)
      const failed = named((status) => status === 'failed')
      const passed = named((status) => status === 'passed').length
      return {
        passed,
        failed: failed.length === 0 && file.status === 'failed' ? [`${name}: could not be run`] : failed,
        skipped: named((status) => status !== 'failed' && status !== 'passed'),
      }
    }),
  )
}

interface GoEvent {
  readonly Action?: string
  readonly Package?: string
  readonly Test?: string
}

/** Reads `go test -json`. A test with subtests counts as these; a package that does not build as one failure. */
export function goTally(lines: readonly string[]): Tally {
  const events = lines.flatMap((text): GoEvent[] =>
    text.startsWith('{') ? [JSON.parse(text) as GoEvent] : [],
  )
  const ended = new Map<string, string>()
  const brokenPackages = new Set<string>()
  for (const { Action: action, Package: pkg = '', Test: test } of events) {
    if (action !== 'pass' && action !== 'fail' && action !== 'skip') continue
    if (test !== undefined) ended.set(`${pkg} ${test}`, action)
    else if (action === 'fail') brokenPackages.add(pkg)
  }
  const parents = new Set([...ended.keys()].map((name) => name.slice(0, name.lastIndexOf('/'))))
  const leaves = [...ended].filter(
    ([name, action]) => !parents.has(name) || (action === 'fail' && !childFailed(name)),
  )
  function childFailed(parent: string): boolean {
    return [...ended].some(([name, action]) => action === 'fail' && name.startsWith(`${parent}/`))
  }
  const named = (wanted: string) => leaves.filter(([, action]) => action === wanted).map(([name]) => name)
  const failed = named('fail')
  const silent = [...brokenPackages].filter((pkg) => !failed.some((name) => name.startsWith(`${pkg} `)))
  return {
    passed: named('pass').length,
    failed: [...failed, ...silent.map((pkg) => `${pkg} does not build or ended early`)],
    skipped: named('skip'),
  }
}

/** What a failing Go test printed, for the console. */
export function goFailures(lines: readonly string[], { failed }: Tally): string[] {
  const wanted = new Set(failed)
  return lines.flatMap((text) => {
    if (!text.startsWith('{')) return [text]
    const event = JSON.parse(text) as GoEvent & { readonly Output?: string }
    if (event.Action === 'build-output') return [event.Output?.trimEnd() ?? '']
    if (event.Action !== 'output') return []
    const ofFailed = event.Test === undefined ? false : wanted.has(`${event.Package} ${event.Test}`)
    return ofFailed ? [event.Output?.trimEnd() ?? ''] : []
  })
}
