/** How far the panel's clock is ahead of this browser's, in ms, by what its answers are dated with. */
let ahead = 0

/** Dates of answers are whole seconds, so only more than that is worth minding. */
export function clockSays(date: string | null, now = Date.now()): void {
  const said = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(said)) return
  const seen = said + 500 - now
  if (Math.abs(seen - ahead) > 1_500) ahead = Math.abs(seen) > 1_500 ? seen : 0
}

/** A moment of the panel, by this browser's clock. */
export const hereAt = (panelMs: number): number => panelMs - ahead
