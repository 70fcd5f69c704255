import { z } from 'zod'
import { Me, NewPassword, Role, Username } from './identity.ts'
import { IdParams, operation, Timestamp } from './operation.ts'

export const DisplayName = z.string().trim().max(100)
/** In lower case; empty is none. */
export const Email = z.union([z.literal(''), z.email().max(254).toLowerCase()])
export const GroupName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    'A group has 1 to 64 letters, digits, dots, dashes or underscores, and starts with a letter or digit.',
  )

/** Whether the edge knows at once. When it is false, open pages of apps end within 30 s, and new ones are refused now. */
const atOnce = z.boolean()
const Ids = z.array(z.string().max(64)).max(500)
const Token = z.string().max(200)

export const User = z.object({
  id: z.string(),
  username: z.string(),
  displayName: z.string(),
  email: z.string(),
  role: Role,
  disabled: z.boolean(),
  createdAt: Timestamp,
  /** What they can sign in with. `single_sign_on` is an identity of the OIDC provider. */
  signsInWith: z.array(z.enum(['password', 'passkey', 'single_sign_on'])),
  secondFactor: z.boolean(),
  groups: z.array(z.object({ id: z.string(), name: z.string(), source: z.enum(['manual', 'oidc']) })),
  sessions: z.number().int(),
  lastSeenAt: Timestamp.nullable(),
})
export type User = z.infer<typeof User>
const UserDone = z.object({ user: User, atOnce })

const people = 'People'
export const userList = operation({
  id: 'userList',
  method: 'GET',
  path: '/api/v1/users',
  scope: 'people:read',
  tag: people,
  summary: 'Everybody with an account',
  status: 200,
  response: z.object({ users: z.array(User) }),
})
export const userCreate = operation({
  id: 'userCreate',
  method: 'POST',
  path: '/api/v1/users',
  scope: 'people:write',
  recent: true,
  tag: people,
  summary: 'Make an account with a password that you tell its owner',
  body: z.object({
    username: Username,
    password: NewPassword,
    role: Role.default('member'),
    displayName: DisplayName.default(''),
    email: Email.default(''),
    groups: Ids.default([]),
  }),
  status: 201,
  response: z.object({ user: User }),
})
export const userUpdate = operation({
  id: 'userUpdate',
  method: 'PATCH',
  path: '/api/v1/users/:id',
  scope: 'people:write',
  tag: people,
  summary: 'Change name, e-mail or groups; what is left out stays. Groups that the provider gave stay, too',
  params: IdParams,
  body: z.object({
    username: Username.optional(),
    displayName: DisplayName.optional(),
    email: Email.optional(),
    groups: Ids.optional(),
  }),
  status: 200,
  response: UserDone,
})
export const userRole = operation({
  id: 'userRole',
  method: 'PUT',
  path: '/api/v1/users/:id/role',
  scope: 'people:write',
  recent: true,
  tag: people,
  summary: 'Make somebody administrator or member; their sessions end',
  params: IdParams,
  body: z.object({ role: Role }),
  status: 200,
  response: UserDone,
})
export const userDisable = operation({
  id: 'userDisable',
  method: 'POST',
  path: '/api/v1/users/:id/disable',
  scope: 'people:write',
  tag: people,
  summary: 'Let somebody in no more; their sessions end',
  params: IdParams,
  status: 200,
  response: UserDone,
})
export const userEnable = operation({
  id: 'userEnable',
  method: 'POST',
  path: '/api/v1/users/:id/enable',
  scope: 'people:write',
  tag: people,
  summary: 'Let somebody in again',
  params: IdParams,
  status: 200,
  response: UserDone,
})
export const userDelete = operation({
  id: 'userDelete',
  method: 'DELETE',
  path: '/api/v1/users/:id',
  scope: 'people:write',
  tag: people,
  summary: 'Delete an account with all that belongs to it',
  params: IdParams,
  status: 200,
  response: z.object({ atOnce }),
})
export const userSignOut = operation({
  id: 'userSignOut',
  method: 'POST',
  path: '/api/v1/users/:id/sign-out',
  scope: 'people:write',
  tag: people,
  summary: 'End all sessions of somebody, at the panel and at every host',
  params: IdParams,
  status: 200,
  response: z.object({ ended: z.number().int(), atOnce }),
})
/** `path` belongs behind the address of the panel; its part after the `#` is told to nobody but the browser. */
const Link = z.object({ path: z.string(), token: z.string(), expiresAt: Timestamp })
export type Link = z.infer<typeof Link>
export const userResetLink = operation({
  id: 'userResetLink',
  method: 'POST',
  path: '/api/v1/users/:id/reset-link',
  scope: 'people:write',
  recent: true,
  tag: people,
  summary: 'A link to set a new password: for one hour and one use. Older ones end',
  params: IdParams,
  status: 201,
  response: Link,
})

export const PersonGroup = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: Timestamp,
  members: z.array(
    z.object({ userId: z.string(), username: z.string(), source: z.enum(['manual', 'oidc']) }),
  ),
  /** Policies that name it. */
  policies: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type PersonGroup = z.infer<typeof PersonGroup>
const GroupDone = z.object({ group: PersonGroup, atOnce })
export const groupList = operation({
  id: 'groupList',
  method: 'GET',
  path: '/api/v1/groups',
  scope: 'people:read',
  tag: people,
  summary: 'Groups with their members',
  status: 200,
  response: z.object({ groups: z.array(PersonGroup) }),
})
export const groupCreate = operation({
  id: 'groupCreate',
  method: 'POST',
  path: '/api/v1/groups',
  scope: 'people:write',
  tag: people,
  summary: 'Make a group',
  body: z.object({ name: GroupName, members: Ids.default([]) }),
  status: 201,
  response: GroupDone,
})
export const groupUpdate = operation({
  id: 'groupUpdate',
  method: 'PATCH',
  path: '/api/v1/groups/:id',
  scope: 'people:write',
  tag: people,
  summary: 'Rename a group, or say who is in it; members that the provider put in stay',
  params: IdParams,
  body: z.object({ name: GroupName.optional(), members: Ids.optional() }),
  status: 200,
  response: GroupDone,
})
export const groupDelete = operation({
  id: 'groupDelete',
  method: 'DELETE',
  path: '/api/v1/groups/:id',
  scope: 'people:write',
  tag: people,
  summary: 'Delete a group that no policy names',
  params: IdParams,
  status: 200,
  response: z.object({ atOnce }),
})

export const Invitation = z.object({
  id: z.string(),
  role: Role,
  groups: z.array(z.object({ id: z.string(), name: z.string() })),
  email: z.string(),
  note: z.string(),
  createdAt: Timestamp,
  createdBy: z.string(),
  expiresAt: Timestamp,
  usedAt: Timestamp.nullable(),
  usedBy: z.string().nullable(),
})
export type Invitation = z.infer<typeof Invitation>
export const invitationList = operation({
  id: 'invitationList',
  method: 'GET',
  path: '/api/v1/invitations',
  scope: 'people:read',
  tag: people,
  summary: 'Invitations that are open, or were used or ran out in the last 30 days',
  status: 200,
  response: z.object({ invitations: z.array(Invitation) }),
})
export const invitationCreate = operation({
  id: 'invitationCreate',
  method: 'POST',
  path: '/api/v1/invitations',
  scope: 'people:write',
  recent: true,
  tag: people,
  summary: 'A link with which one person makes an account: for seven days and one use. It is shown now only',
  body: z.object({
    role: Role.default('member'),
    groups: Ids.default([]),
    email: Email.default(''),
    note: z.string().trim().max(200).default(''),
  }),
  status: 201,
  response: z.object({ invitation: Invitation, link: Link }),
})
export const invitationDelete = operation({
  id: 'invitationDelete',
  method: 'DELETE',
  path: '/api/v1/invitations/:id',
  scope: 'people:write',
  tag: people,
  summary: 'Take an invitation back',
  params: IdParams,
  status: 204,
})

const links = 'Links'
/** A POST, so that the token stands in no log. */
export const invitationOpen = operation({
  id: 'invitationOpen',
  method: 'POST',
  path: '/api/v1/invitation/open',
  scope: 'public',
  tag: links,
  summary: 'What an invitation is for',
  body: z.object({ token: Token }),
  status: 200,
  response: z.object({ role: Role, email: z.string(), createdBy: z.string(), expiresAt: Timestamp }),
})
export const invitationAccept = operation({
  id: 'invitationAccept',
  method: 'POST',
  path: '/api/v1/invitation',
  scope: 'public',
  tag: links,
  summary: 'Make an account with an invitation, and sign in',
  body: z.object({
    token: Token,
    username: Username,
    password: NewPassword,
    displayName: DisplayName.default(''),
  }),
  status: 201,
  response: Me,
})
export const resetOpen = operation({
  id: 'resetOpen',
  method: 'POST',
  path: '/api/v1/password-reset/open',
  scope: 'public',
  tag: links,
  summary: 'Whose password a link sets',
  body: z.object({ token: Token }),
  status: 200,
  response: z.object({ username: z.string(), expiresAt: Timestamp }),
})
export const resetFinish = operation({
  id: 'resetFinish',
  method: 'POST',
  path: '/api/v1/password-reset',
  scope: 'public',
  tag: links,
  summary: 'Set a new password with a link; all sessions end, and signing in asks the second factor as ever',
  body: z.object({ token: Token, password: NewPassword }),
  status: 200,
  response: z.object({ username: z.string(), atOnce }),
})
