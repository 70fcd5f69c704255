import { z } from 'zod'
import { canonicalNetwork } from './networks.ts'
import { IdParams, operation, Timestamp } from './operation.ts'
import { Saved } from './pools.ts'
import { ConfirmQuery, Preview } from './preview.ts'

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
    zone: z.string().max(64).refine(isZone, 'There is no such time zone. Write it as Europe/Berlin.'),
  })
  .refine(({ from, to }) => from !== to, {
    path: ['to'],
    message: 'It ends when it begins. A whole day is 00:00 to 24:00.',
  })
  .transform((w) => ({ ...w, days: [...new Set(w.days)].sort() }))
export type TimeWindow = z.infer<typeof TimeWindow>

function isZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(zone)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
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

/** What people and groups are called. */
export const Names = z.object({
  people: z.record(z.string(), z.string()),
  groups: z.record(z.string(), z.string()),
})
export type Names = z.infer<typeof Names>

export const Policy = PolicyInput.extend({
  id: z.string(),
  version: z.number().int(),
  /** Who gets in, in one sentence. */
  sentence: z.string(),
  /** What those in its rules are called; who is gone is missing. */
  names: Names,
  /** Hosts that use it, for all of them or for a path. */
  hosts: z.array(z.object({ id: z.string(), name: z.string() })),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Policy = z.infer<typeof Policy>

const tag = 'Policies'
const one = z.object({ policy: Policy, saved: Saved })
export const policyList = operation({
  id: 'policyList',
  method: 'GET',
  path: '/api/v1/policies',
  scope: 'hosts:read',
  tag,
  summary: 'List policies: who gets in, under a name that hosts use',
  status: 200,
  response: z.object({
    policies: z.array(Policy),
    /** Why policies cannot go by networks now, or null. */
    noNetworks: z.string().nullable(),
    /** Policies that most people want, and that are not there yet. */
    offers: z.array(PolicyInput),
  }),
})
export const policyView = operation({
  id: 'policyView',
  method: 'GET',
  path: '/api/v1/policies/:id',
  scope: 'hosts:read',
  tag,
  summary: 'Show one policy',
  params: IdParams,
  status: 200,
  response: Policy,
})
export const policyCreate = operation({
  id: 'policyCreate',
  method: 'POST',
  path: '/api/v1/policies',
  scope: 'hosts:write',
  tag,
  summary: 'Create a policy',
  body: PolicyInput,
  status: 201,
  response: one,
})
export const policyUpdate = operation({
  id: 'policyUpdate',
  method: 'PUT',
  path: '/api/v1/policies/:id',
  scope: 'hosts:write',
  tag,
  summary: 'Change a policy, for all hosts that use it',
  params: IdParams,
  query: ConfirmQuery,
  body: PolicyChange,
  status: 200,
  response: one,
})
export const policyDelete = operation({
  id: 'policyDelete',
  method: 'DELETE',
  path: '/api/v1/policies/:id',
  scope: 'hosts:write',
  tag,
  summary: 'Delete a policy that no host uses',
  params: IdParams,
  status: 200,
  response: z.object({ saved: Saved }),
})
export const policyPreview = operation({
  id: 'policyPreview',
  method: 'POST',
  path: '/api/v1/policies/preview',
  scope: 'hosts:read',
  tag,
  summary: 'What creating or changing a policy would do; with `id` a change, else a new one',
  body: z.object({ id: Id.optional(), policy: PolicyInput }),
  status: 200,
  response: Preview,
})

/** open: gets in. sign_in: has to sign in first. factor: has to give a second factor. denied: does not get in. */
export const Verdict = z.enum(['open', 'sign_in', 'factor', 'denied'])
export type Verdict = z.infer<typeof Verdict>
export const PolicyTest = z.object({
  /** The sentence, what came of it, and whether it is the whole host's or a path's. */
  policy: z.object({ id: z.string(), name: z.string() }).nullable(),
  path: z.string().nullable(),
  verdict: Verdict,
  clauses: z.array(
    z.object({
      sentence: z.string(),
      verdict: Verdict,
      /** Each thing it asks for, and whether it is met. */
      parts: z.array(z.object({ met: z.boolean(), words: z.string() })),
    }),
  ),
})
export type PolicyTest = z.infer<typeof PolicyTest>
export const policyTest = operation({
  id: 'policyTest',
  method: 'POST',
  path: '/api/v1/policies/test',
  scope: 'hosts:read',
  tag,
  summary: 'Who can open an address, and why; decided by the rules that the edge goes by',
  body: z.object({
    url: z.string().trim().min(1, 'Enter the address that is opened.').max(2048),
    /** Null: nobody is signed in. */
    personId: Id.nullable().default(null),
    address: z.string().trim().min(1, 'Enter the address they come from.').max(64),
    /** Left out: now. */
    at: Timestamp.optional(),
    /** Hours since a second factor was given; null: it was not. */
    factorHours: z.number().min(0).max(10_000).nullable().default(null),
    /** How the host would be, instead of how it is saved. */
    access: Access.optional(),
  }),
  status: 200,
  response: z.object({
    host: z.object({ id: z.string(), name: z.string() }).nullable(),
    verdict: Verdict,
    /** What happens, in one sentence, and then why. */
    words: z.array(z.string()),
    /** All that has to be met: one, but for a path that may be read in two ways. */
    tests: z.array(PolicyTest),
    /** What comes of it for each person who may sign in, from that address at that time. */
    people: z.array(z.object({ id: z.string(), name: z.string(), verdict: Verdict })),
  }),
})
