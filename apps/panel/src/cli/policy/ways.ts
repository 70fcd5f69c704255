import { type Call, type Clause, groupList, localNetworks, type TimeWindow, userList } from '@argos/contract'
import { notFound } from '../api.ts'
import { exitCode, Refusal } from '../verb.ts'

/** One way in as it is typed: who, and what is asked of them, with commas between. */
export const waysDetails = [
  'A WAY is who, and what else is asked of them, with commas between; whoever meets one of the ways gets in:',
  '  everyone | signed-in | user=NAME | group=NAME   user and group may be repeated',
  '  from=10.0.0.0/8   from this network or address; may be repeated; from=local is the local network',
  '  factor=12         with a second factor of the last so many hours',
  '  at=mon-fri/08:00-18:00/Europe/Berlin   in this time; may be repeated; days as mon-fri, sat+sun or daily',
  '`nobody` alone shuts all ways. Example: everyone,from=192.168.1.0/24 group=family,factor=12',
].join('\n')

/** With names still in place of ids. */
export interface TypedWay extends Omit<Clause, 'people' | 'groups'> {
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

export function typedWays(words: readonly string[]): TypedWay[] {
  return words.length === 1 && words[0] === 'nobody' ? [] : words.map(typedWay)
}

function typedWay(word: string): TypedWay {
  const way = {
    users: [] as string[],
    groups: [] as string[],
    networks: [] as string[],
    times: [] as TimeWindow[],
  }
  let who: Clause['who'] | null = null
  let factorHours: number | null = null
  const say = (kind: Clause['who']) => {
    if (who !== null && (who !== kind || kind !== 'these')) throw wrong(word, 'says twice who gets in')
    who = kind
  }
  for (const part of word.split(',')) {
    const [key = '', value = ''] = part.includes('=')
      ? [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]
      : [part]
    if (part === 'everyone') say('everyone')
    else if (part === 'signed-in') say('signed_in')
    else if (value === '') throw wrong(word, `has \`${part}\`, which nobody understands`)
    else if (key === 'user' || key === 'group') {
      say('these')
      way[key === 'user' ? 'users' : 'groups'].push(value)
    } else if (key === 'from') way.networks.push(...(value === 'local' ? localNetworks : [value]))
    else if (key === 'at') way.times.push(typedTime(word, value))
    else if (key === 'factor' && /^\d{1,3}$/.test(value)) factorHours = Number(value)
    else throw wrong(word, `has \`${part}\`, which nobody understands`)
  }
  if (who === null) throw wrong(word, 'does not say who gets in')
  return { who, ...way, factorHours }
}

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

function typedTime(word: string, text: string): TimeWindow {
  const [, on = '', from = '', to = '', zone = ''] =
    /^([a-z+-]+)\/(\d\d:\d\d)-(\d\d:\d\d)\/(.+)$/.exec(text) ?? []
  const chosen = on === 'daily' ? [0, 1, 2, 3, 4, 5, 6] : on.split('+').flatMap(row)
  if (zone === '' || chosen.includes(-1)) throw wrong(word, `has \`at=${text}\`, which is no time`)
  return { days: [...new Set(chosen)].sort(), from, to, zone }
}

/** `fri-mon` goes over the end of the week. */
function row(text: string): number[] {
  const [first = -1, last = first, ...more] = text.split('-').map((day) => days.indexOf(day))
  if (more.length > 0 || first === -1 || last === -1) return [-1]
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, i) => (first + i) % 7)
}

/** The same with ids, asked of the panel. */
export async function clausesOf(call: Call, ways: readonly TypedWay[]): Promise<Clause[]> {
  const { users } = ways.some((way) => way.users.length > 0) ? await call(userList, {}) : { users: [] }
  const { groups } = ways.some((way) => way.groups.length > 0) ? await call(groupList, {}) : { groups: [] }
  const idOf = (
    kind: string,
    all: readonly { readonly id: string; readonly name: string }[],
    typed: string,
  ) => {
    const found = all.find(({ id, name }) => id === typed || name.toLowerCase() === typed.toLowerCase())
    if (found) return found.id
    throw notFound(`There is no ${kind} \`${typed}\`.`)
  }
  const people = users.map(({ id, username }) => ({ id, name: username }))
  return ways.map(({ users: named, ...way }) => ({
    ...way,
    people: named.map((name) => idOf('user', people, name)),
    groups: way.groups.map((name) => idOf('group', groups, name)),
  }))
}

const wrong = (word: string, what: string) =>
  new Refusal(
    `\`${word}\` ${what}.`,
    '`./argos policy add --help` shows how a way is written.',
    exitCode.usage,
  )
