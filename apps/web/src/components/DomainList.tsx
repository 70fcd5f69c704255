import { Plus } from 'lucide-react'
import { Button } from '../ui/Button.tsx'
import { DomainInput } from './DomainInput.tsx'

interface Props {
  domains: readonly string[]
  onChange: (domains: readonly string[]) => void
  /** What is wrong with one of them, by its place. */
  error: (index: number) => string | undefined
  placeholder?: string | undefined
  hostId?: string | undefined
}

/** The names of a host, each checked in DNS while it is typed. The first is what people call it. */
export function DomainList({ domains, onChange, error, placeholder, hostId }: Props) {
  const replace = (at: number, name: string) => onChange(domains.map((d, i) => (i === at ? name : d)))
  return (
    <div className="grid gap-3">
      {domains.map((domain, i) => (
        <DomainInput
          key={i}
          label={<span className={domains.length > 1 ? '' : 'sr'}>{i === 0 ? 'Name' : `Name ${i + 1}`}</span>}
          value={domain}
          onChange={(name) => replace(i, name)}
          error={error(i)}
          placeholder={placeholder}
          hostId={hostId}
          aside={
            domains.length > 1 ? (
              <Button
                kind="ghost"
                size="xs"
                aria-label={`Remove ${domain || `name ${i + 1}`}`}
                onClick={() => onChange(domains.filter((_, at) => at !== i))}
              >
                Remove
              </Button>
            ) : undefined
          }
        />
      ))}
      <div>
        <Button size="sm" icon={<Plus />} onClick={() => onChange([...domains, ''])}>
          Add another name
        </Button>
      </div>
    </div>
  )
}
