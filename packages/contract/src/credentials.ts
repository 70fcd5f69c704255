import { z } from 'zod'
import { ExceptionPath } from './access.ts'
import { IdParams, operation, Scope, Timestamp } from './operation.ts'

/** Whether the edge knows at once. When it is false, open pages of apps end within 30 s, and new ones are refused now. */
const atOnce = z.boolean()
const Name = z.string().trim().min(1, 'Give it a name you will know it by.').max(64)
/** Where it is good for; empty: everywhere on the host. */
const Paths = z.array(ExceptionPath).max(20).default([])
const HostName = z.object({ id: z.string(), name: z.string() })

/** What an app or device of somebody's sends instead of signing in, at one host. */
export const AppPassword = z.object({
  id: z.string(),
  name: z.string(),
  host: HostName,
  paths: z.array(z.string()),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable(),
  lastAddress: z.string().nullable(),
})
export type AppPassword = z.infer<typeof AppPassword>

const account = 'My account'
export const appPasswordList = operation({
  id: 'appPasswordList',
  method: 'GET',
  path: '/api/v1/me/app-passwords',
  scope: 'session',
  tag: account,
  summary: 'Your passwords for apps and devices, and the hosts that you may have one for',
  status: 200,
  response: z.object({ appPasswords: z.array(AppPassword), hosts: z.array(HostName) }),
})
export const appPasswordCreate = operation({
  id: 'appPasswordCreate',
  method: 'POST',
  path: '/api/v1/me/app-passwords',
  scope: 'session',
  recent: true,
  tag: account,
  summary: 'A password for one app or device at one host. It is shown now only',
  body: z.object({
    name: Name,
    hostId: IdParams.shape.id,
    paths: Paths,
    /** After so many days it ends; null: never. */
    days: z.number().int().min(1).max(3650).nullable().default(null),
  }),
  status: 201,
  response: z.object({
    appPassword: AppPassword,
    username: z.string(),
    password: z.string(),
    /** With name and password in it, for apps that scan one. */
    url: z.string(),
  }),
})
export const appPasswordDelete = operation({
  id: 'appPasswordDelete',
  method: 'DELETE',
  path: '/api/v1/me/app-passwords/:id',
  scope: 'session',
  tag: account,
  summary: 'Take a password of an app or device back; what it has open ends',
  params: IdParams,
  status: 200,
  response: z.object({ atOnce }),
})

/** Opens one host for whoever has it, for a time. */
export const GuestLink = z.object({
  id: z.string(),
  host: HostName,
  name: z.string(),
  paths: z.array(z.string()),
  createdAt: Timestamp,
  createdBy: z.string(),
  expiresAt: Timestamp,
  /** How many browsers may open it; null: any number. */
  mostUses: z.number().int().nullable(),
  uses: z.number().int(),
  lastUsedAt: Timestamp.nullable(),
})
export type GuestLink = z.infer<typeof GuestLink>

const guests = 'Guest links'
export const guestLinkList = operation({
  id: 'guestLinkList',
  method: 'GET',
  path: '/api/v1/hosts/:id/guest-links',
  scope: 'hosts:read',
  tag: guests,
  summary: 'Guest links of a host, the newest first',
  params: IdParams,
  status: 200,
  response: z.object({ guestLinks: z.array(GuestLink) }),
})
export const guestLinkCreate = operation({
  id: 'guestLinkCreate',
  method: 'POST',
  path: '/api/v1/hosts/:id/guest-links',
  scope: 'hosts:write',
  recent: true,
  tag: guests,
  summary: 'A link that opens this host for a time, without an account. It is shown now only',
  params: IdParams,
  body: z.object({
    name: Name,
    paths: Paths,
    hours: z.number().int().min(1).max(8760),
    mostUses: z.number().int().min(1).max(10_000).nullable().default(null),
  }),
  status: 201,
  response: z.object({ guestLink: GuestLink, url: z.string() }),
})
export const guestLinkDelete = operation({
  id: 'guestLinkDelete',
  method: 'DELETE',
  path: '/api/v1/guest-links/:id',
  scope: 'hosts:write',
  tag: guests,
  summary: 'Take a guest link back; whoever came in by it is out',
  params: IdParams,
  status: 200,
  response: z.object({ atOnce }),
})

/** What programs send to the panel's API instead of signing in: `Authorization: Bearer …`. */
export const ApiToken = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(Scope),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable(),
  lastAddress: z.string().nullable(),
})
export type ApiToken = z.infer<typeof ApiToken>

export const apiTokenList = operation({
  id: 'apiTokenList',
  method: 'GET',
  path: '/api/v1/me/api-tokens',
  scope: 'session',
  tag: account,
  summary: 'Your tokens for the API, and what one may be made for',
  status: 200,
  response: z.object({ apiTokens: z.array(ApiToken), scopes: z.array(Scope) }),
})
export const apiTokenCreate = operation({
  id: 'apiTokenCreate',
  method: 'POST',
  path: '/api/v1/me/api-tokens',
  scope: 'session',
  recent: true,
  tag: account,
  summary: 'A token for the API, that may do what its scopes name. It is shown now only',
  body: z.object({
    name: Name,
    scopes: z.array(Scope).min(1, 'Choose at least one thing that it may do.').max(50),
    days: z.number().int().min(1).max(3650).nullable().default(90),
  }),
  status: 201,
  response: z.object({ apiToken: ApiToken, token: z.string() }),
})
export const apiTokenDelete = operation({
  id: 'apiTokenDelete',
  method: 'DELETE',
  path: '/api/v1/me/api-tokens/:id',
  scope: 'session',
  tag: account,
  summary: 'Take a token for the API back',
  params: IdParams,
  status: 204,
})

/** An app on the page of those who may open it. */
export const PortalApp = z.object({
  hostId: z.string(),
  name: z.string(),
  url: z.string(),
  tags: z.array(z.string()),
  up: z.boolean(),
  /** Asks for a second factor first. */
  factor: z.boolean(),
})
export type PortalApp = z.infer<typeof PortalApp>
export const portalView = operation({
  id: 'portalView',
  method: 'GET',
  path: '/api/v1/portal',
  scope: 'session',
  tag: account,
  summary: 'The apps that you may open',
  status: 200,
  response: z.object({ apps: z.array(PortalApp) }),
})
