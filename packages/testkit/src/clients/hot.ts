import { type EdgeAnswer, type EdgeRequest, visit } from './request.ts'

export interface HotResult {
  readonly sent: number
  /** One line for each request that was not answered as expected, at most 100 kept. */
  readonly failures: readonly string[]
  readonly failed: number
}

export interface HotClients {
  readonly sent: () => number
  /** Lets the requests under way finish and tells how all of them went. */
  stop(): Promise<HotResult>
}

const KEPT = 100

/** Clients that ask again and again, each request on a new connection, until stopped. */
export function hotClients(
  count: number,
  request: EdgeRequest | ((n: number) => EdgeRequest),
  isGood: (answer: EdgeAnswer) => boolean = ({ status }) => status === 200,
): HotClients {
  let stopped = false
  let sent = 0
  let failed = 0
  const failures: string[] = []
  const fail = (words: string) => {
    failed += 1
    if (failures.length < KEPT) failures.push(`${new Date().toISOString()} ${words}`)
  }
  const client = async () => {
    while (!stopped) {
      const one = typeof request === 'function' ? request(sent) : request
      sent += 1
      try {
        const answer = await visit(one)
        if (!isGood(answer))
          fail(`${one.name}${one.path ?? '/'}: ${answer.status} ${answer.body.slice(0, 120)}`)
      } catch (err) {
        fail(`${one.name}${one.path ?? '/'}: ${err instanceof Error ? err.message : String(err)}`)
      }
    }
  }
  const clients = Array.from({ length: count }, client)
  return {
    sent: () => sent,
    stop: async () => {
      stopped = true
      await Promise.all(clients)
      return { sent, failed, failures }
    },
  }
}
