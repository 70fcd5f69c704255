import type { EdgeCertificate, EdgeClient } from '@argos/caddy-admin'
import type { HeldPromise } from '../changes/pending.store.ts'
import type { FirmPlaces } from './acme-root.ts'
import { NotSeen, type Seen, type Visitor } from './visit.ts'

export interface TestDeps {
  readonly edge: Pick<EdgeClient, 'certificates'>
  readonly places: Pick<FirmPlaces, 'ports'>
  readonly visit: Visitor
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown>
}
export type Outcome = Pick<HeldPromise, 'state' | 'detail'>
/** `soon`: what is missing takes a moment, but no longer. */
type Judged = Outcome | 'again' | { readonly soon: Outcome }

const VISIT_MS = 4_000
/** What stays as it is was fine a moment ago; somebody waits for the change. */
const BEFORE_MS = 2_000
const AGAIN_MS = 200
const MOMENTS = 8

/** Sees what must be the same afterwards. What does not answer now is not held against the change. */
export const lookBefore = (deps: TestDeps, promises: readonly HeldPromise[]): Promise<HeldPromise[]> =>
  Promise.all(
    promises.map(async (p) =>
      p.test === 'same' ? { ...p, before: (await look(deps, p, BEFORE_MS)).words } : p,
    ),
  )

/** Tests all at once, tells of each as it comes, and ends when `signal` says so: what is open then is unknown. */
export async function testPromises(
  deps: TestDeps,
  promises: readonly HeldPromise[],
  signal: AbortSignal,
  told: (promises: readonly HeldPromise[]) => void,
): Promise<HeldPromise[]> {
  const all: HeldPromise[] = promises.map((p) => (p.test === 'none' ? p : { ...p, state: 'testing' }))
  told([...all])
  await Promise.all(
    all.map(async (promise, i) => {
      if (promise.test === 'none') return
      all[i] = { ...promise, ...(await testOne(deps, promise, signal)) }
      told([...all])
    }),
  )
  return all
}

async function testOne(deps: TestDeps, promise: HeldPromise, signal: AbortSignal): Promise<Outcome> {
  for (let tries = 1; ; tries++) {
    const { seen, words, refused } = await look(deps, promise, VISIT_MS, signal)
    if (signal.aborted) return { state: 'unknown', detail: 'Not tested: there was no time left.' }
    const judged = seen ? ofSeen(promise, seen) : await ofNothing(deps, promise, words, refused)
    if (judged !== 'again') {
      if (!('soon' in judged)) return judged
      if (tries > MOMENTS) return judged.soon
    }
    // A certificate of the internal CA takes a moment; one of ACME may take longer than there is.
    const rested = await deps.sleep(AGAIN_MS, signal).then(
      () => true,
      () => false,
    )
    if (!rested) return { state: 'unknown', detail: 'Its certificate is being issued.' }
  }
}

interface Looked {
  readonly seen: Seen | null
  readonly words: string
  readonly refused: NotSeen['why'] | null
}
async function look(
  { places, visit }: TestDeps,
  { test, name, tls }: HeldPromise,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Looked> {
  // A paused host has no certificate any more; both listeners answer for it.
  const secure = tls && test !== 'paused'
  const port = secure ? places.ports.https : places.ports.http
  const path = test === 'panel' ? '/healthz' : '/'
  try {
    const seen = await visit({ port, name, tls: secure, path, timeoutMs, ...(signal ? { signal } : {}) })
    return { seen, words: `${seen.status}`, refused: null }
  } catch (err) {
    if (!(err instanceof NotSeen)) throw err
    return { seen: null, words: err.message, refused: err.why }
  }
}

function ofSeen({ test, before }: HeldPromise, { status, passedOn, ms }: Seen): Judged {
  const detail = `${status} in ${ms} ms`
  const kept: Outcome = { state: 'kept', detail }
  const broken: Outcome = { state: 'broken', detail: `It answers ${status}.` }
  if (test === 'paused') return status === 404 && !passedOn ? kept : broken
  if (test === 'gone') return passedOn || status < 400 ? broken : kept
  if (test === 'panel') return status === 200 ? kept : broken
  // What the service itself says is its own affair, whatever it is.
  if (passedOn || before === `${status}`) return kept
  if (status === 404 || status === 421)
    return { state: 'broken', detail: `The edge answers ${status}: it does not serve this name.` }
  const down: Outcome = { state: 'unknown', detail: `It answers ${status}: the service behind it does not.` }
  return status >= 500 ? down : kept
}

async function ofNothing(
  { edge }: TestDeps,
  { test, name, tls, before }: HeldPromise,
  words: string,
  refused: NotSeen['why'] | null,
): Promise<Judged> {
  if (test === 'gone' && refused === 'tls') return { state: 'kept', detail: 'Its name is not known.' }
  if (test === 'same' && before !== null && !/^\d+$/.test(before))
    return { state: 'unknown', detail: `It did not answer before either: ${before}.` }
  if (refused === 'silent') return { state: 'unknown', detail: `There is ${words}.` }
  if (!tls || refused !== 'tls') return { state: 'broken', detail: `It does not answer: ${words}.` }
  const certificate = await certificateOf(edge, name)
  if (certificate?.state === 'pending') return 'again'
  if (certificate?.state === 'ok')
    return { soon: { state: 'broken', detail: `It does not answer: ${words}.` } }
  const why = certificate?.error ? `: ${certificate.error}` : ''
  return { soon: { state: 'broken', detail: `It has no certificate${why}.` } }
}

async function certificateOf(
  edge: Pick<EdgeClient, 'certificates'>,
  name: string,
): Promise<EdgeCertificate | null> {
  try {
    const all = await edge.certificates()
    return all[name] ?? all[`*${name.slice(name.indexOf('.'))}`] ?? null
  } catch {
    // The edge is away, which its watch finds out by itself.
    return null
  }
}
