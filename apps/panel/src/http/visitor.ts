import type { Role, Scope } from '@argos/contract'
import type { Proven } from './proof.ts'

/** A live session, as each request finds it. */
export interface Session {
  /** SHA-256 of the token; the token itself is only in the cookie. */
  readonly tokenHash: string
  /** What it is called where it is shown; it opens nothing, and stays when the token changes. */
  readonly id: string
  readonly userId: string
  readonly username: string
  readonly role: 'admin' | 'member'
  /** When the person last proved who they are, and when with a second factor. */
  readonly authAt: number
  readonly factorAt: number | null
  /** When it ends unless it is used meanwhile; nothing that is known of it may be believed longer. */
  readonly endsAt: number
}

/** A program with a token of somebody's, which may do what its scopes name and that person may. */
export interface Program {
  readonly id: string
  readonly name: string
  readonly userId: string
  readonly username: string
  readonly role: Role
  readonly scopes: readonly Scope[]
}

/** Who sent a request and how it came in. */
export interface Visitor {
  /** The client's address: what the edge says on the private socket, else the connection's own. */
  readonly address: string
  /** Whether the visitor's own connection is encrypted, which decides the cookie's name. */
  readonly secure: boolean
  readonly session: Session | null
  /** What makes the browser known to whom has signed in from it. */
  readonly device: string
  /** The command line, which has proven that it holds the master key. Never beside a session. */
  readonly cli: Proven | null
  /** Never beside a session either. */
  readonly program: Program | null
}
