/** Who did it. A user's address is the visitor's, as the edge saw it. */
export type Actor =
  | { readonly kind: 'user'; readonly id: string; readonly name: string; readonly address: string }
  | { readonly kind: 'cli'; readonly name: string }
  | { readonly kind: 'system'; readonly name: string }
