import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { userCreate } from '@argos/contract'
import { asking } from '../api.ts'
import { needed } from '../pairs.ts'
import { exitCode, verb } from '../verb.ts'
import { resetLines, resetLink } from './change.ts'
import { groupIds } from './find.ts'

const usage = 'user create NAME [--admin] [--group GROUP]… [--email ADDRESS] [--name TEXT] [--password-stdin]'

export const create = verb({
  summary: 'Make an account, and print the link with which its owner sets a password',
  usage,
  options: {
    admin: { type: 'boolean' },
    group: { type: 'string', multiple: true, short: 'g' },
    email: { type: 'string' },
    name: { type: 'string' },
    'password-stdin': { type: 'boolean' },
    json: { type: 'boolean' },
  },
  words: {
    admin: 'An administrator; else a member, who only opens the apps they were granted',
    group: 'A group to be in; may be repeated',
    email: 'Their e-mail address, as apps are told it',
    name: 'How they are called in pages',
    'password-stdin': 'Take the password from standard input, and print no link',
    json: 'As JSON',
  },
  positionals: 1,
  run: (context, values, [typed]) => {
    const username = needed(typed, 'The name of the account', usage)
    return asking(context, values.json, async (call) => {
      const given = values['password-stdin'] === true
      // Without one, nobody knows it: the link sets another.
      const password = given
        ? (await text(process.stdin)).replace(/\r?\n$/, '')
        : randomBytes(32).toString('base64url')
      const { user } = await call(userCreate, {
        body: {
          username,
          password,
          role: values.admin ? 'admin' : 'member',
          displayName: values.name ?? '',
          email: values.email ?? '',
          groups: await groupIds(call, values.group ?? []),
        },
      })
      const link = given ? null : await resetLink(context, call, user.id)
      if (values.json) context.say(JSON.stringify({ user, link }, null, 2))
      else {
        context.say(
          `Made an account for ${user.username}, as ${values.admin ? 'an administrator' : 'a member'}.`,
        )
        if (link) resetLines(user.username, link).forEach(context.say)
      }
      return exitCode.ok
    })
  },
})
