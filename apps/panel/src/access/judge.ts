import type { GateClause, GateRules, GateTime } from '@argos/caddy'
import { inNetworks, type Verdict } from '@argos/contract'

/** Who asks, from where, and when. */
export interface Asking {
  readonly address: string
  readonly at: number
  readonly person: Person | null
}
export interface Person {
  readonly id: string
  readonly groups: readonly string[]
  /** When they last gave a second factor. */
  readonly factorAt: number | null
}
/** Each thing a clause asks for, and whether it is met; null when it does not ask for it. */
export interface Judged {
  readonly verdict: Verdict
  readonly who: boolean | null
  readonly network: boolean | null
  readonly time: boolean | null
  readonly factor: boolean | null
}

/** The better, the further it gets somebody. */
const order: readonly Verdict[] = ['denied', 'sign_in', 'factor', 'open']
export const best = (verdicts: readonly Verdict[]): Verdict =>
  order.findLast((verdict) => verdicts.includes(verdict)) ?? 'denied'
export const worst = (verdicts: readonly Verdict[]): Verdict =>
  order.find((verdict) => verdicts.includes(verdict)) ?? 'open'

/** As the gate judges it (apps/edge/gate/rule.go): one clause that is met in all its parts lets in. */
export const judge = ({ any }: Pick<GateRules, 'any'>, asking: Asking): Verdict =>
  best(any.map((clause) => judgeClause(clause, asking).verdict))

export function judgeClause(clause: GateClause, { address, at, person }: Asking): Judged {
  const { networks, times, factor_s: factorS } = clause
  const named = [...(clause.people ?? []), ...(clause.groups ?? [])].length > 0
  const needsPerson = clause.person === true || named || factorS !== undefined
  const who = needsPerson ? person !== null && (!named || isNamed(clause, person)) : null
  const network = networks === undefined ? null : inNetworks(address, networks)
  const time = times === undefined ? null : times.some((window) => isOpen(window, at))
  const factorAt = person?.factorAt ?? null
  const factor = factorS === undefined ? null : factorAt !== null && factorAt >= at - factorS * 1000
  return { ...{ who, network, time, factor }, verdict: verdictOf({ who, network, time, factor }, person) }
}

function verdictOf({ who, network, time, factor }: Omit<Judged, 'verdict'>, person: Person | null): Verdict {
  if (network === false || time === false) return 'denied'
  if (who === false) return person === null ? 'sign_in' : 'denied'
  return factor === false ? 'factor' : 'open'
}

const isNamed = ({ people = [], groups = [] }: GateClause, person: Person): boolean =>
  people.includes(person.id) || groups.some((id) => person.groups.includes(id))

/** By the wall clock of its zone; a window that ends before it begins goes on into the next day. */
export function isOpen({ days, from, to, zone }: GateTime, at: number): boolean {
  const { day, minute } = localTime(zone, at)
  const [begins, ends] = [minutesOf(from), minutesOf(to)]
  const last = ends < begins ? ends + DAY : ends
  if (days.includes(day) && minute >= begins && minute < last) return true
  return days.includes((day + 6) % 7) && minute + DAY < last
}

const DAY = 24 * 60
const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

function localTime(zone: string, at: number): { readonly day: number; readonly minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? ''
  return { day: dayNames.indexOf(of('weekday')), minute: Number(of('hour')) * 60 + Number(of('minute')) }
}
