import { Link as RouterLink } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'
import type { ButtonProps } from '../ui/Button.tsx'
import { buttonClass } from '../ui/button-class.ts'

/** Splits an address from `paths` into what the router takes. */
export function destination(href: string) {
  const url = new URL(href, 'http://argos.invalid')
  return { to: url.pathname, search: Object.fromEntries(url.searchParams), hash: url.hash.slice(1) }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

export interface LinkProps extends Defined<Omit<ComponentProps<'a'>, 'href' | 'target'>> {
  /** An address from `lib/paths.ts`. */
  to: string
}

/** A link inside the UI; without a class it looks like its surroundings. */
export function Link({ to, ...rest }: LinkProps) {
  const { to: path, search, hash } = destination(to)
  // The router types addresses as its own patterns; ours come from `paths`, which a test checks against the route tree.
  return (
    <RouterLink
      {...rest}
      to={path as '/'}
      search={search as never}
      hash={hash}
      activeProps={{}}
      // The router would call every address above the current one current as well.
      activeOptions={{ exact: true }}
    />
  )
}

/** A link that looks like a button. */
export function ButtonLink({
  kind,
  size,
  full,
  icon,
  children,
  className,
  ...rest
}: LinkProps & Pick<ButtonProps, 'kind' | 'size' | 'full'> & { icon?: ReactNode }) {
  return (
    <Link {...rest} className={`${buttonClass({ kind, size, full })} ${className ?? ''}`}>
      {icon}
      {children}
    </Link>
  )
}
