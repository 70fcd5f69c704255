import type { TlsMode } from '@argos/contract'
import { isWildcard } from '../lib/host.ts'
import { OptionCards } from '../ui/Choice.tsx'

interface Props {
  value: TlsMode
  onChange: (value: TlsMode) => void
  domains: readonly string[]
}

/** How the host is encrypted, said by what visitors get. */
export function TlsCards({ value, onChange, domains }: Props) {
  const wildcard = domains.some(isWildcard)
  return (
    <OptionCards
      label="Certificate"
      value={value}
      onChange={onChange}
      options={[
        {
          value: 'auto',
          title: 'A public certificate',
          hint: wildcard
            ? 'Not for a wildcard: authorities give those only through DNS, which Argos does not do yet.'
            : 'Every browser trusts it. The name must lead here from the internet on port 80 or 443, and appears in public logs.',
          disabled: wildcard,
        },
        {
          value: 'internal',
          title: 'Argos’ own certificate',
          hint: 'Works at once and without the internet. Browsers warn until you trust Argos’ root on each device.',
        },
        {
          value: 'none',
          title: 'Plain HTTP',
          hint: 'No certificate. Everyone on the way can read and change what passes, passwords included.',
        },
      ]}
    />
  )
}
