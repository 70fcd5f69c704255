import { canonicalName, type Verdict } from '@argos/contract'
import { AppError } from '../errors.ts'
import type { Rule } from './paths.ts'

/** Name and path of an address as it was typed; the path as a browser would not send it, but a script could. */
export function parseTested(typed: string): { readonly name: string; readonly path: string } {
  const [, authority = '', rest = ''] = /^(?:https?:\/\/)?([^/?#\\]+)(.*)$/i.exec(typed) ?? []
  const found = canonicalName(authority.replace(/:\d{1,5}$/, ''))
  if (!found.ok) {
    const message = `\`${typed}\` is no address of a host. Enter one, as in https://app.home.example/path.`
    throw new AppError('invalid', message, { fields: [{ path: 'url', message }] })
  }
  const path = rest.replace(/[?#].*$/s, '')
  return { name: found.name, path: path === '' ? '/' : path }
}

interface Outcome {
  readonly verdict: Verdict
  readonly who: string | null
  readonly name: string
  readonly path: string
  /** The path as it is read; null when it may be read in two ways. */
  readonly read: string | null
  readonly rules: readonly Rule[]
}

/** What happens, and which rules say so. */
export function outcomeWords({ verdict, who, name, path, read, rules }: Outcome): string[] {
  const somebody = who ?? 'Somebody who is not signed in'
  const [rule] = rules
  return [
    {
      open: `${somebody} opens ${name}${path === '/' ? '' : path}.`,
      sign_in: `${somebody} is asked to sign in.`,
      factor: `${somebody} is asked for a second factor.`,
      denied: `${somebody} is refused.`,
    }[verdict],
    ...(read === null
      ? [
          'This path may be read in more than one way. It gets no exception that opens: what holds for the host and all that is stricter must be met.',
        ]
      : rule?.prefix
        ? [`What holds for ${rule.prefix} decides, not what holds for the rest of ${name}.`]
        : []),
  ]
}
