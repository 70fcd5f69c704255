import { z } from 'zod'
import { canonicalNetwork } from './networks.ts'
import { IdParams } from './operation.ts'

const Id = IdParams.shape.id

export const Network = z
  .string()
  .max(64)
  .refine((text) => canonicalNetwork(text) !== null, {
    error: ({ input }) =>
      `\`${String(input)}\` is no network. Write an address or a range, as in 192.168.1.0/24.`,
  })
  .transform((text) => canonicalNetwork(text) ?? text)

const clock = /^([01]\d|2[0-3]):[0-5]\d$/
/** Days 0 (Sunday) to 6, on which the window begins; `to` before `from` ends on the next day. */
export const TimeWindow = z
  .object({
    days: z.array(z.number().int().min(0).max(6)).min(1, 'Choose at least one day.').max(7),
    from: z.string().regex(clock, 'Write a time as 08:00.'),
    to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'Write a time as 18:00.'),
    zone: z
      .string()
      .max(64)
      .refine((text) => zoneOf(text) !== null, 'There is no such time zone. Write it as Europe/Berlin.')
      .transform((text) => zoneOf(text) ?? text),
  })
  .refine(({ from, to }) => from !== to, {
    path: ['to'],
    message: 'It ends when it begins. A whole day is 00:00 to 24:00.',
  })
  .transform((w) => ({ ...w, days: [...new Set(w.days)].sort() }))
export type TimeWindow = z.infer<typeof TimeWindow>

/** In the spelling of the time zone database, which the edge holds to; null when there is no such zone. */
function zoneOf(zone: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(zone)) return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    return null
  }
}

/** One way in: whoever meets all of it gets in. It says everything: what is left out would else let more people in. */
export const Clause = z
  .object({
    /** `these`: one of `people`, or a member of one of `groups`. */
    who: z.enum(['everyone', 'signed_in', 'these']),
    people: z.array(Id).max(200),
    groups: z.array(Id).max(200),
    /** From one of these; empty: from anywhere. */
    networks: z.array(Network).max(200),
    /** In one of these; empty: at any time. */
    times: z.array(TimeWindow).max(20),
    /** With a second factor given at most so many hours ago; null: without. */
    factorHours: z.number().int().min(1).max(720).nullable(),
  })
  .superRefine(({ who, people, groups, factorHours }, ctx) => {
    const no = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message })
    const named = people.length + groups.length > 0
    if (who === 'these' && !named) no('people', 'Choose at least one person or group.')
    if (who !== 'these' && named)
      no(people.length > 0 ? 'people' : 'groups', 'People and groups stand only where it is for these.')
    if (who === 'everyone' && factorHours !== null)
      no('factorHours', 'A second factor needs somebody who signs in. Choose who that is.')
  })
export type Clause = z.infer<typeof Clause>

/** Whoever meets one of the clauses gets in; without any, nobody does. */
export const Rules = z.object({ any: z.array(Clause).max(50) })
export type Rules = z.infer<typeof Rules>

export const PolicyInput = z.object({
  name: z.string().trim().min(1, 'Give the policy a name.').max(63),
  rules: Rules,
})
export type PolicyInput = z.infer<typeof PolicyInput>
export const PolicyChange = PolicyInput.extend({ version: z.number().int() })

/**
 * Where a host is open to others: this path and all below it. Only paths that have one spelling, so that the edge and
 * the app never mean different ones.
 */
export const ExceptionPath = z
  .string()
  .max(512)
  .regex(/^\/[A-Za-z0-9._~!$&'()*+,=:@/-]*$/, 'A path starts with /, and has no spaces, %, ;, \\ or braces.')
  .refine((path) => !path.includes('//') && !path.split('/').some((part) => part.endsWith('.')), {
    message: 'A path has no empty parts, and none that ends in a dot.',
  })
  .refine((path) => path.replace(/\/$/, '') !== '', 'This is the whole host. Choose its policy instead.')
  .refine((path) => !/^\/_argos(\/|$)/i.test(path), 'Paths under /_argos/ belong to the edge itself.')
export const PathException = z.object({
  path: ExceptionPath,
  /** `public`, or the id of a policy. */
  access: z.union([z.literal('public'), Id]),
})
export type PathException = z.infer<typeof PathException>

/** Who gets in. `public`: everyone. `policy`: as it says, but for the paths that are listed. */
export const Access = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('public') }),
  z.object({
    kind: z.literal('policy'),
    policyId: Id,
    paths: z
      .array(PathException)
      .max(50)
      .superRefine((paths, ctx) => {
        const bare = paths.map(({ path }) => path.replace(/\/$/, '').toLowerCase())
        for (const [i, path] of bare.entries())
          if (bare.indexOf(path) !== i)
            ctx.addIssue({ code: 'custom', path: [i, 'path'], message: 'This path stands here twice.' })
      }),
    /** Whether the edge may go by what it learnt of a session for up to 30 s; else it asks each time. */
    keep: z.boolean(),
    /** Whether the app gets a signed word on who it is, beside the headers. */
    assertion: z.boolean(),
  }),
])
export type Access = z.infer<typeof Access>
