import type { Settings } from '@argos/contract'

export interface Here {
  /** The name this page was opened under. */
  readonly hostname: string
  /** The address of the panel that is always there. */
  readonly fallback: string
}

/** What only this browser knows of a change of the settings: that it would lose its way in, or be bound to one. */
export function browserWarnings(before: Settings, after: Settings, here: Here): readonly string[] {
  if (before.panelDomain === after.panelDomain) return []
  return [
    ...(before.panelDomain !== '' && here.hostname === before.panelDomain
      ? [
          `You are at ${before.panelDomain} now. It stops being the panel; go on at ${after.panelDomain || here.fallback}.`,
        ]
      : []),
    ...(after.panelDomain !== ''
      ? [`Browsers insist on HTTPS for ${after.panelDomain} for one year from then on.`]
      : []),
  ]
}
