import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../verb.ts'
import { alive } from './proc.ts'

/** Asks processes to end and waits until they have; after `graceMs` they are killed. */
export async function stopProcesses(pids: readonly number[], graceMs: number): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGTERM')
  const until = performance.now() + graceMs
  while (pids.some(alive) && performance.now() < until) await sleep(50)
  for (const pid of pids.filter(alive)) signal(pid, 'SIGKILL')
  while (pids.some(alive)) await sleep(20)
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (err) {
    const { code } = err as NodeJS.ErrnoException
    if (code === 'EPERM')
      throw new Refusal(`Process ${pid} belongs to another user.`, `As that user or root: kill ${pid}`)
    if (code !== 'ESRCH') throw err
  }
}
