import {
  groupCreate,
  groupDelete,
  groupList,
  groupUpdate,
  invitationCreate,
  invitationDelete,
  invitationList,
  sessionLimitsUpdate,
  sessionLimitsView,
  userCreate,
  userDelete,
  userDisable,
  userEnable,
  userList,
  userResetLink,
  userRole,
  userSignOut,
  userUpdate,
} from '@argos/contract'
import { actorOf, type Routes, route } from '../http/route.ts'
import type { Groups } from './groups.service.ts'
import type { Invitations } from './invitations.service.ts'
import type { Limits } from './limits.service.ts'
import type { OwnPasswords } from './passwords.service.ts'
import type { Users } from './users.service.ts'

export interface PeopleRoutesDeps {
  readonly users: Users
  readonly groups: Groups
  readonly invitations: Invitations
  readonly passwords: OwnPasswords
  readonly limits: Limits
}

/** What administrators do with people. */
export const peopleRoutes =
  ({ users, groups, invitations, passwords, limits }: PeopleRoutesDeps): Routes =>
  async (app) => {
    app.route({ ...route(userList), handler: () => users.list() })
    app.route({
      ...route(userCreate),
      handler: async (req, reply) => reply.code(201).send(await users.create(actorOf(req), req.body)),
    })
    app.route({
      ...route(userUpdate),
      handler: (req) => users.update(actorOf(req), req.params.id, req.body),
    })
    app.route({
      ...route(userRole),
      handler: (req) => users.setRole(actorOf(req), req.params.id, req.body.role),
    })
    app.route({ ...route(userDisable), handler: (req) => users.disable(actorOf(req), req.params.id) })
    app.route({ ...route(userEnable), handler: (req) => users.enable(actorOf(req), req.params.id) })
    app.route({ ...route(userDelete), handler: (req) => users.remove(actorOf(req), req.params.id) })
    app.route({ ...route(userSignOut), handler: (req) => users.signOut(actorOf(req), req.params.id) })
    app.route({
      ...route(userResetLink),
      handler: async (req, reply) =>
        reply.code(201).send(await passwords.resetLink(actorOf(req), req.params.id)),
    })

    app.route({ ...route(groupList), handler: () => groups.list() })
    app.route({
      ...route(groupCreate),
      handler: async (req, reply) => reply.code(201).send(await groups.create(actorOf(req), req.body)),
    })
    app.route({
      ...route(groupUpdate),
      handler: (req) => groups.update(actorOf(req), req.params.id, req.body),
    })
    app.route({ ...route(groupDelete), handler: (req) => groups.remove(actorOf(req), req.params.id) })

    app.route({ ...route(invitationList), handler: () => invitations.list() })
    app.route({
      ...route(invitationCreate),
      handler: async (req, reply) => reply.code(201).send(await invitations.create(actorOf(req), req.body)),
    })
    app.route({
      ...route(invitationDelete),
      handler: async (req, reply) => {
        await invitations.remove(actorOf(req), req.params.id)
        return reply.code(204).send()
      },
    })

    app.route({ ...route(sessionLimitsView), handler: () => limits.view() })
    app.route({
      ...route(sessionLimitsUpdate),
      handler: (req) => limits.update(actorOf(req), req.body.hours),
    })
  }
