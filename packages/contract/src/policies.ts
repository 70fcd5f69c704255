import { z } from 'zod'
import { Access, PolicyChange, PolicyInput } from './access.ts'
import { IdParams, operation, Timestamp } from './operation.ts'
import { Saved } from './pools.ts'
import { ConfirmQuery, Preview } from './preview.ts'

const Id = IdParams.shape.id

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
