/**
 * Text that Caddy's replacer gives back unchanged: it drops one backslash before a brace and expands nothing that
 * has one (caddy/replacer.go). Every text of a person's that stands where Caddy expands placeholders goes through here.
 */
export const literal = (text: string): string => text.replaceAll(/[{}]/g, '\\$&')
