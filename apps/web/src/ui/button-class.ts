export type ButtonKind = 'plain' | 'primary' | 'ghost' | 'danger' | 'danger-fill'
export type ButtonSize = 'xs' | 'sm' | 'md' | 'lg'

/** How a button looks. A module of its own: the sign-in page wears it without the code of tooltips. */
export const buttonClass = ({
  kind = 'plain',
  size = 'md',
  full = false,
}: {
  kind?: ButtonKind | undefined
  size?: ButtonSize | undefined
  full?: boolean | undefined
}): string =>
  ['btn', kind === 'danger-fill' ? 'danger fill' : kind, size, full ? 'full' : ''].filter(Boolean).join(' ')
