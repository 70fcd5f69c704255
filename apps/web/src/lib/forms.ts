/** Moves the focus to the first field marked wrong inside `form`, and into view. */
export function focusFirstError(form: HTMLElement | null): void {
  const field = form?.querySelector<HTMLElement>(
    '[data-invalid] :is(input, textarea, select, button), [aria-invalid="true"]',
  )
  field?.focus()
  field?.scrollIntoView({ block: 'nearest' })
}

/** The names that were typed, without the empty fields among them. */
export const typedNames = (domains: readonly string[]): string[] =>
  domains.map((d) => d.trim()).filter(Boolean)

/** Where the panel sees the name of field `i`, as it never got the empty ones; null for an empty field. */
export const sentIndex = (domains: readonly string[], i: number): number | null =>
  domains[i]?.trim() ? typedNames(domains.slice(0, i)).length : null
