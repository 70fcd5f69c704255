import { AlignJustify, Equal, Plus, Search } from 'lucide-react'
import { usePolicies } from '../../components/policies.ts'
import { setPreference, usePreference } from '../../lib/preferences.ts'
import { Chip, Kbd } from '../../ui/Badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { hostStates, type Listing, stateLabels } from './listing.ts'

interface Props {
  listing: Listing
  change: (patch: Partial<Listing>) => void
  tags: readonly string[]
}

/** Search, tags, states, grouping and density. All but density stands in the address. */
export function HostsBar({ listing, change, tags }: Props) {
  const density = usePreference('density')
  const policies = usePolicies()
  const accessName = (id: string) => (id === 'public' ? 'public' : policies.nameOf(id))
  const free = tags.filter((tag) => !listing.tags.includes(tag))
  return (
    <div className="listbar">
      <Field label={<span className="sr">Search hosts</span>} className="srch">
        <Input
          size="md"
          data-search
          type="search"
          placeholder="Search hosts, targets, tags"
          before={<Search />}
          after={
            <span className="phone-hide">
              <Kbd keys={['/']} />
            </span>
          }
          value={listing.q}
          onChange={(event) => change({ q: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            if (listing.q === '') event.currentTarget.blur()
            else change({ q: '' })
          }}
        />
      </Field>
      {listing.tags.map((tag) => (
        <Chip
          key={tag}
          tone="acc"
          removeLabel={`Remove the filter ${tag}`}
          onRemove={() => change({ tags: listing.tags.filter((t) => t !== tag) })}
        >
          tagged {tag}
        </Chip>
      ))}
      {listing.states.map((state) => (
        <Chip
          key={state}
          tone="acc"
          state={state}
          removeLabel={`Remove the filter ${stateLabels[state]}`}
          onRemove={() => change({ states: listing.states.filter((s) => s !== state) })}
        >
          {stateLabels[state]}
        </Chip>
      ))}
      {listing.access.map((id) => (
        <Chip
          key={id}
          tone="acc"
          removeLabel={`Remove the filter ${accessName(id)}`}
          onRemove={() => change({ access: listing.access.filter((a) => a !== id) })}
        >
          {accessName(id)}
        </Chip>
      ))}
      <Menu align="start" trigger={<Button icon={<Plus />}>State</Button>}>
        {hostStates
          .filter((state) => !listing.states.includes(state))
          .map((state) => (
            <MenuItem
              key={state}
              icon={<StateGlyph state={state} label="" />}
              onClick={() => change({ states: [...listing.states, state] })}
            >
              {stateLabels[state]}
            </MenuItem>
          ))}
      </Menu>
      {policies.all.length === 0 ? null : (
        <Menu align="start" trigger={<Button icon={<Plus />}>Access</Button>}>
          {['public', ...policies.all.map((policy) => policy.id)]
            .filter((id) => !listing.access.includes(id))
            .map((id) => (
              <MenuItem key={id} onClick={() => change({ access: [...listing.access, id] })}>
                {accessName(id)}
              </MenuItem>
            ))}
        </Menu>
      )}
      {free.length === 0 ? null : (
        <Menu align="start" trigger={<Button icon={<Plus />}>Tag</Button>}>
          {free.map((tag) => (
            <MenuItem key={tag} onClick={() => change({ tags: [...listing.tags, tag] })}>
              {tag}
            </MenuItem>
          ))}
        </Menu>
      )}
      <div className="row end phone-hide">
        <Segmented
          label="Grouping"
          value={listing.grouped ? 'domain' : 'none'}
          onChange={(value) => change({ grouped: value === 'domain' })}
          options={[
            { value: 'domain', label: 'By domain' },
            { value: 'none', label: 'One list' },
          ]}
        />
        <Segmented
          label="Density"
          value={density}
          onChange={(value) => setPreference('density', value)}
          options={[
            { value: 'comfortable', label: <Equal />, title: 'Comfortable rows' },
            { value: 'dense', label: <AlignJustify />, title: 'Dense rows' },
          ]}
        />
      </div>
    </div>
  )
}
