import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/schema.ts'

/** Where passkeys are made and used: the panel under a name of its own. */
export interface Place {
  /** The relying party's id: authenticators keep their keys apart by it. */
  readonly rpId: string
  /** What the browser says the page is from. */
  readonly origin: string
}
/** What a request says of where its page is. The guard has refused origins that are not the panel's. */
export interface Asked {
  readonly origin: string | undefined
  readonly host: string | undefined
  readonly secure: boolean
}

/** `within` is the transaction, where one is open. */
export interface Places {
  /** Null at an address, or under a name that is not the panel's: no browser would find the passkey again there. */
  at(asked: Asked, within?: Kysely<DB>): Promise<Place | null>
  /** What to do where there is none. */
  problem(within?: Kysely<DB>): Promise<string>
  /** What an authenticator app calls the account's home. */
  issuer(): Promise<string>
}

export function panelPlaces({
  db,
  publicOrigin,
}: {
  db: Kysely<DB>
  /** Where a proxy of the operator's own serves the panel. */
  publicOrigin: string | null
}): Places {
  const domain = async (within = db): Promise<string> => {
    const row = await within
      .selectFrom('setting')
      .select(sql<string | null>`json ->> 'panelDomain'`.as('name'))
      .executeTakeFirst()
    return row?.name ?? ''
  }
  const publicName = publicOrigin === null ? '' : new URL(publicOrigin).hostname
  return {
    async at({ origin, host, secure }, within) {
      const url = parsed(origin ?? `${secure ? 'https' : 'http'}://${host}`)
      if (url === null) return null
      // Browsers take `localhost` for a safe place without TLS, and nothing else.
      if (url.hostname === 'localhost') return { rpId: 'localhost', origin: url.origin }
      const names = [publicName, await domain(within)].filter((name) => name !== '' && !isAddress(name))
      return url.protocol === 'https:' && names.includes(url.hostname)
        ? { rpId: url.hostname, origin: url.origin }
        : null
    },
    async problem(within) {
      const name = publicOrigin ?? (await domain(within))
      if (name === '') return 'Passkeys need a name for the panel: set its domain in the settings.'
      return `Passkeys work only at ${name.startsWith('https:') ? name : `https://${name}`}: open the panel there.`
    },
    async issuer() {
      const name = publicName === '' ? await domain() : publicName
      return name === '' ? 'Argos' : `Argos ${name}`
    },
  }
}

const isAddress = (name: string) => /^[\d.]+$|^\[/.test(name)

function parsed(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
