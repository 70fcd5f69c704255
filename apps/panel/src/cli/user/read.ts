import { type User, userList } from '@argos/contract'
import { asking } from '../api.ts'
import { moment, table } from '../table.ts'
import { exitCode, verb } from '../verb.ts'

export const list = verb({
  summary: 'List everybody with an account',
  usage: 'user list [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  run: (context, { json }) =>
    asking(context, json, async (call) => {
      const answer = await call(userList, {})
      if (json) context.say(JSON.stringify(answer, null, 2))
      else if (answer.users.length === 0)
        context.say('Nobody has an account yet. `./argos setup-link` makes the first.')
      else table(headings, answer.users.map(rowOf)).forEach(context.say)
      return exitCode.ok
    }),
})

const headings = ['NAME', 'ROLE', 'STATE', 'SIGNS IN WITH', 'GROUPS', 'SESSIONS', 'LAST SEEN']

const rowOf = (user: User): string[] => [
  user.username,
  user.role,
  user.disabled ? 'disabled' : 'active',
  [...user.signsInWith.map((way) => ways[way]), ...(user.secondFactor ? ['second factor'] : [])].join(', ') ||
    'nothing',
  [...new Set(user.groups.map(({ name }) => name))].join(', ') || '-',
  String(user.sessions),
  user.lastSeenAt === null ? '-' : moment(user.lastSeenAt),
]

const ways = { password: 'password', passkey: 'passkey', single_sign_on: 'single sign-on' } as const
