import { useBlocker } from '@tanstack/react-router'

export interface Leave {
  /** Someone wants to leave and has edits. */
  readonly asking: boolean
  readonly stay: () => void
  readonly leave: () => void
}

/** Asks once before edits are lost: other pages of Argos through `asking`, closing the tab through the browser. */
export function useLeave(dirty: boolean): Leave {
  const blocker = useBlocker({
    // Only another page loses edits; a filter or a tab of the same page in the address does not.
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return { asking: false, stay: () => undefined, leave: () => undefined }
  return { asking: true, stay: blocker.reset, leave: blocker.proceed }
}
