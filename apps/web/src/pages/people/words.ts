import type { Invitation, User } from '@argos/contract'
import type { Light } from '../../lib/host.ts'
import { list, Things } from '../../lib/words.ts'

export const roleWords: Record<User['role'], string> = { admin: 'Administrator', member: 'Member' }

const ways: Record<User['signsInWith'][number], string> = {
  password: 'password',
  passkey: 'passkey',
  single_sign_on: 'single sign-on',
}
/** "password or passkey"; of who was only just made, that there is no way yet. */
export function waysWords({ signsInWith }: Pick<User, 'signsInWith'>): string {
  if (signsInWith.length === 0) return 'no way in yet'
  const words = signsInWith.map((way) => ways[way])
  return words.length === 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** Whether a second factor is there. Of an administrator it is missed: the panel is behind nothing else. */
export function factorLight({ role, secondFactor, signsInWith }: User): Light {
  if (secondFactor) return { state: 'ok', words: 'second factor' }
  const elsewhere = signsInWith.length > 0 && signsInWith.every((way) => way !== 'password')
  if (elsewhere) return { state: 'off', words: 'no password' }
  return { state: role === 'admin' ? 'warn' : 'off', words: 'no second factor' }
}

/** The sentence over the list. */
export function peopleLead(users: readonly User[]): string {
  const off = users.filter((user) => user.disabled).length
  const admins = users.filter((user) => user.role === 'admin' && !user.disabled).length
  const bare = users.filter((user) => !user.disabled && factorLight(user).state === 'warn').length
  const parts = [
    `${Things(users.length, 'person', 'people')}, ${admins} of them ${admins === 1 ? 'an administrator' : 'administrators'}.`,
    ...(off === 0 ? [] : [`${Things(off, 'account is', 'accounts are')} disabled.`]),
    ...(bare === 0 ? [] : [`${Things(bare, 'administrator has', 'administrators have')} no second factor.`]),
  ]
  return parts.join(' ')
}

export function invitationLight(one: Invitation, now: number = Date.now()): Light {
  if (one.usedAt !== null) return { state: 'ok', words: `used by ${one.usedBy ?? 'somebody who is gone'}` }
  if (one.expiresAt <= now) return { state: 'off', words: 'ran out' }
  return { state: 'watching', words: 'open' }
}

/** Whom an invitation is for, as far as it says. */
export const invitedWords = ({ note, email, role }: Invitation): string =>
  note || email || `a ${roleWords[role].toLowerCase()}`

/** What ends for somebody who is shut out. */
export const endsWords = ({ sessions }: Pick<User, 'sessions'>): string =>
  sessions === 0
    ? 'No session is open.'
    : `${Things(sessions, 'open session ends', 'open sessions end')} at once, here and at every host.`

/** Every word must stand somewhere in the names, the e-mail or the groups. */
export function findsPerson(user: User, q: string): boolean {
  const text = [
    user.username,
    user.displayName,
    user.email,
    roleWords[user.role],
    ...user.groups.map((g) => g.name),
  ]
    .join('\n')
    .toLowerCase()
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** The members of a group, the first few by name. */
export const membersWords = (names: readonly string[]): string =>
  names.length === 0
    ? 'nobody'
    : names.length <= 4
      ? list(names)
      : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
