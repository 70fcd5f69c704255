import type { FieldError, TlsMode } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { hostStore } from './host.store.ts'

/** What can be said about names without asking anybody: twins, and wildcards that no CA in use would sign. */
export function refuseBadNames(
  { domains, tls }: { domains: readonly string[]; tls: TlsMode },
  { path = '', choosesTls = true } = {},
): void {
  const fields = domains.flatMap((name, i): FieldError[] =>
    domains.indexOf(name) === i
      ? []
      : [{ path: `${path}domains.${i}`, message: `${name} stands here twice. Remove one.` }],
  )
  const wildcard = domains.findIndex((name) => name.startsWith('*.'))
  if (tls === 'auto' && wildcard !== -1)
    fields.push({
      path: choosesTls ? `${path}tls` : `${path}domains.${wildcard}`,
      message: `A certificate for ${domains[wildcard]} needs a DNS challenge, which Argos cannot do yet. Choose the internal CA, or list the names one by one.`,
    })
  const [first] = fields
  if (first) throw new AppError('invalid', first.message, { fields })
}

/** Each name belongs to one host, and the panel's own to none. */
export async function refuseTakenNames(
  db: Kysely<DB>,
  { domains, hostId, path = '' }: { domains: readonly string[]; hostId: string; path?: string },
): Promise<void> {
  const owners = new Map((await hostStore(db).owners(domains)).map((o) => [o.name, o]))
  const panel = await panelDomainOf(db)
  const fields = domains.flatMap((name, i): FieldError[] => {
    const at = `${path}domains.${i}`
    if (name === panel) return [{ path: at, message: `${name} is the panel's own name. Enter another one.` }]
    const owner = owners.get(name)
    if (!owner || owner.hostId === hostId) return []
    const message =
      owner.hostName === name
        ? `${name} is published already. Change that host, or enter another name.`
        : `${name} belongs to ${owner.hostName}. Remove it there first, or enter another name.`
    return [{ path: at, message }]
  })
  const [first] = fields
  if (first) throw new AppError('conflict', first.message, { fields })
}

/** The panel's name, or empty. */
export async function panelDomainOf(db: Kysely<DB>): Promise<string> {
  const row = await db.selectFrom('setting').select('json').executeTakeFirst()
  const settings: unknown = row ? JSON.parse(row.json) : {}
  const domain = (settings as { panelDomain?: unknown }).panelDomain
  return typeof domain === 'string' ? domain : ''
}
