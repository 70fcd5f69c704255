import {
  type Call,
  type Output,
  type User,
  userDelete,
  userDisable,
  userEnable,
  userFactorsDisable,
  userResetLink,
  userSignOut,
} from '@argos/contract'
import { asking } from '../api.ts'
import { needed } from '../pairs.ts'
import { panelAddress } from '../panel-address.ts'
import { moment } from '../table.ts'
import { type Context, exitCode, verb } from '../verb.ts'
import { findUser } from './find.ts'

interface Told {
  /** A sentence without its end. */
  readonly words: string
  readonly atOnce: boolean
  readonly answer: unknown
}

/** A verb on one account that says what it did, and whether the edge knows. */
const onOne = (
  name: string,
  summary: string,
  act: (call: Call, user: User) => Promise<Told>,
  details?: string,
) =>
  verb({
    summary,
    usage: `user ${name} NAME [--json]`,
    options: { json: { type: 'boolean' } },
    words: { json: 'As JSON' },
    ...(details === undefined ? {} : { details }),
    positionals: 1,
    run: (context, { json }, [typed]) => {
      const wanted = needed(typed, 'The name of an account', `user ${name} NAME`)
      return asking(context, json, async (call) => {
        const { words, atOnce, answer } = await act(call, await findUser(call, wanted))
        if (json) context.say(JSON.stringify(answer, null, 2))
        else {
          context.say(`${words}.`)
          if (!atOnce) context.say(notAtOnce)
        }
        return exitCode.ok
      })
    },
  })

const notAtOnce =
  'The edge does not answer: this is so at once for new sessions, and within 30 seconds for open ones.'

export const disable = onOne(
  'disable',
  'Let somebody in no more',
  async (call, { id, username }) => {
    const answer = await call(userDisable, { params: { id } })
    return { words: `Disabled ${username}; their sessions ended`, atOnce: answer.atOnce, answer }
  },
  'The account stays, and `user enable` lets its owner in again.',
)

export const enable = onOne('enable', 'Let somebody in again', async (call, { id, username }) => {
  const answer = await call(userEnable, { params: { id } })
  return { words: `Enabled ${username}`, atOnce: answer.atOnce, answer }
})

export const remove = onOne(
  'delete',
  'Delete an account with all that belongs to it, without a question',
  async (call, { id, username }) => {
    const answer = await call(userDelete, { params: { id } })
    return { words: `Deleted ${username}`, atOnce: answer.atOnce, answer }
  },
)

export const signOut = onOne('sign-out', 'End all sessions of somebody', async (call, { id, username }) => {
  const answer = await call(userSignOut, { params: { id } })
  const sessions = answer.ended === 1 ? 'one session' : `${answer.ended} sessions`
  return { words: `Signed ${username} out of ${sessions}`, atOnce: answer.atOnce, answer }
})

export const disable2fa = onOne(
  'disable-2fa',
  'Take all second factors of somebody away',
  async (call, { id, username }) => {
    const answer = await call(userFactorsDisable, { params: { id } })
    return { words: factorWords(username, answer), atOnce: answer.atOnce, answer }
  },
  'They sign in with the password alone then, so be sure who asks for it. Their sessions end.',
)

function factorWords(name: string, { totp, passkeys }: Output<typeof userFactorsDisable>): string {
  const what = [
    ...(totp ? ['the authenticator app'] : []),
    ...(passkeys > 0 ? [passkeys === 1 ? 'one passkey' : `${passkeys} passkeys`] : []),
  ]
  return what.length === 0 ? `${name} has no second factor` : `Took ${what.join(' and ')} of ${name} away`
}

export const resetPassword = verb({
  summary: 'Print a link with which somebody sets a new password',
  usage: 'user reset-password NAME [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  details:
    'It is good for an hour and once, and makes older ones worthless. A second factor is asked as ever.',
  positionals: 1,
  run: (context, { json }, [typed]) => {
    const wanted = needed(typed, 'The name of an account', 'user reset-password NAME')
    return asking(context, json, async (call) => {
      const user = await findUser(call, wanted)
      const link = await resetLink(context, call, user.id)
      if (json) context.say(JSON.stringify(link, null, 2))
      else resetLines(user.username, link).forEach(context.say)
      return exitCode.ok
    })
  },
})

/** A link, whole. */
export async function resetLink(context: Context, call: Call, id: string) {
  const { path, expiresAt } = await call(userResetLink, { params: { id } })
  return { url: `${await panelAddress(context, call)}${path}`, expiresAt }
}

export const resetLines = (
  name: string,
  { url, expiresAt }: { readonly url: string; readonly expiresAt: number },
): string[] => [`With this link ${name} sets a new password, once, until ${moment(expiresAt)}:`, `  ${url}`]
