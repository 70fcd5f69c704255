import type { Reporter, TestCase, TestModule } from 'vitest/node'

const QUICK_MS = 1_000

/** One line for each file of quick tests, one for each test that takes its time, and all about those that fail. */
export default class ConsoleReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors } = test.result()
    const ms = test.diagnostic()?.duration ?? 0
    if (state === 'failed') {
      say(`FAILED  ${test.module.relativeModuleId} > ${test.fullName} (${seconds(ms)})`)
      for (const error of errors ?? []) {
        say(`        ${error.message}`)
        for (let cause = error.cause; cause; cause = cause.cause) say(`        caused by ${cause.message}`)
        for (const { file, line } of error.stacks?.slice(0, 5) ?? []) say(`          at ${file}:${line}`)
        if (error.diff) say(error.diff)
      }
    } else if (state === 'skipped') say(`skipped ${test.fullName}`)
    else if (ms >= QUICK_MS) say(`passed  ${test.fullName} (${seconds(ms)})`)
  }

  onTestModuleEnd(module: TestModule): void {
    const tests = [...module.children.allTests()]
    const count = (wanted: string) => tests.filter((test) => test.result().state === wanted).length
    const failed = count('failed')
    say(
      `${module.relativeModuleId}: ${count('passed')} passed${failed > 0 ? `, ${failed} failed` : ''} in ${seconds(module.diagnostic().duration)}`,
    )
    for (const { message } of module.errors()) say(`FAILED  ${module.relativeModuleId}: ${message}`)
  }

  onTestRunEnd(
    _modules: readonly TestModule[],
    errors: readonly { message?: string; stack?: string }[],
  ): void {
    for (const { message, stack } of errors) say(`ERROR   ${stack ?? message ?? 'without a message'}`)
  }

  onUserConsoleLog({ content }: { content: string }): void {
    for (const text of content.trimEnd().split('\n')) say(`        ${text}`)
  }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
