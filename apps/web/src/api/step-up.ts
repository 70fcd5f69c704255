let waiting: { readonly done: Promise<boolean>; readonly settle: (proven: boolean) => void } | null = null
const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}

/**
 * Asks whoever is there to prove once more who they are; true once they did. Calls that ask meanwhile share one dialog.
 * Where nothing is drawn that could ask, as on the sign-in page, the answer is no.
 */
export function provenAgain(): Promise<boolean> {
  if (listeners.size === 0) return Promise.resolve(false)
  if (waiting === null) {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    waiting = { done: promise, settle: resolve }
    tell()
  }
  return waiting.done
}

/** The dialog's answer: proven, or closed without it. */
export function stepUpIs(proven: boolean): void {
  const { settle } = waiting ?? {}
  waiting = null
  settle?.(proven)
  tell()
}

export const subscribeStepUp = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const stepUpAsked = (): boolean => waiting !== null
