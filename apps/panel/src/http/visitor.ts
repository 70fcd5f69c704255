import type { Proven } from './proof.ts'

/** A live session, as each request finds it. */
export interface Session {
  /** SHA-256 of the token; the token itself is only in the cookie. */
  readonly tokenHash: string
  readonly userId: string
  readonly username: string
  readonly role: 'admin' | 'member'
}

/** Who sent a request and how it came in. */
export interface Visitor {
  /** The client's address: what the edge says on the private socket, else the connection's own. */
  readonly address: string
  /** Whether the visitor's own connection is encrypted, which decides the cookie's name. */
  readonly secure: boolean
  readonly session: Session | null
  /** The command line, which has proven that it holds the master key. Never beside a session. */
  readonly cli: Proven | null
}
