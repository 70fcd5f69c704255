/** What a credential stands for, as the gate is told. It judges by itself, request by request. Times are Unix ms. */
export interface Facts {
  /** The panel's session, or the app password or guest link: what an eviction by session names. */
  readonly session: string
  readonly person: FactsPerson | null
  /** Ids, for policies. */
  readonly groups: readonly string[]
  /** When a second factor was given last. */
  readonly factor_at: number | null
  readonly auth_at: number
  /** Null: everywhere on the host. */
  readonly paths: readonly string[] | null
  /** When it ends by itself, whatever ends first. */
  readonly until: number
  /** The signed assertion, where the host asks for one. */
  readonly jwt?: string
  readonly source: 'session' | 'app' | 'guest'
}
export interface FactsPerson {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly email: string
  /** Names, for applications. */
  readonly groups: readonly string[]
  readonly provider: 'local' | 'oidc'
}
