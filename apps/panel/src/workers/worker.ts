/** Something done again and again in the background. The driver owns timers, timeouts and what the log says of failures. */
export interface Worker {
  readonly name: string
  readonly everyMs: number
  readonly timeoutMs: number
  /** An event named `wake` on it brings the next pass forward; one during a pass causes another right after it. */
  readonly wake?: EventTarget
  /** One idempotent pass. What it returns is what the status page shows. */
  run(signal: AbortSignal): Promise<Record<string, unknown>>
}
