import { Plus } from 'lucide-react'
import { Chip } from '../ui/Badges.tsx'
import { Button } from '../ui/Button.tsx'
import { Menu, MenuGroup, MenuItem } from '../ui/Menu.tsx'
import { Words } from '../ui/Words.tsx'
import './pick.css'

export interface PickSection {
  readonly title: string
  readonly options: readonly { readonly id: string; readonly name: string; readonly hint?: string }[]
}
interface Props {
  label: string
  sections: readonly PickSection[]
  picked: readonly string[]
  onAdd: (id: string, section: string) => void
  onRemove: (id: string) => void
  /** On the button that offers the rest. */
  add: string
  /** What something that is in no section any more is called. */
  nameOf?: ((id: string) => string) | undefined
  /** Why this one stays. */
  fixed?: ((id: string) => string | undefined) | undefined
  hint?: string | undefined
  error?: string | undefined
}

/** Several of a list, such as people and groups: chips, and a menu of those that are left. */
export function PickField(props: Props) {
  const { label, sections, picked, onAdd, onRemove, add, fixed, hint, error } = props
  const all = sections.flatMap((section) => section.options)
  const left = sections
    .map((s) => ({ ...s, options: s.options.filter(({ id }) => !picked.includes(id)) }))
    .filter((s) => s.options.length > 0)
  const nameOf = (id: string) =>
    all.find((option) => option.id === id)?.name ?? props.nameOf?.(id) ?? 'somebody who is gone'
  return (
    <fieldset className="field" data-invalid={error === undefined ? undefined : ''}>
      <legend className="lbl">{label}</legend>
      <div className="picks">
        {picked.map((id) => {
          const why = fixed?.(id)
          return why === undefined ? (
            <Chip key={id} tone="acc" onRemove={() => onRemove(id)} removeLabel={`Remove ${nameOf(id)}`}>
              {nameOf(id)}
            </Chip>
          ) : (
            <span key={id} title={why}>
              <Chip>
                {nameOf(id)} <span className="t3">{why}</span>
              </Chip>
            </span>
          )
        })}
        {left.length === 0 ? (
          <span className="t3 sm">{all.length === 0 ? 'There is none yet.' : 'These are all.'}</span>
        ) : (
          <Menu
            align="start"
            trigger={
              <Button size="sm" icon={<Plus />}>
                {add}
              </Button>
            }
          >
            {left.map((section) => (
              <MenuGroup key={section.title} title={section.title}>
                {section.options.map((option) => (
                  <MenuItem
                    key={option.id}
                    side={option.hint}
                    onClick={() => onAdd(option.id, section.title)}
                  >
                    {option.name}
                  </MenuItem>
                ))}
              </MenuGroup>
            ))}
          </Menu>
        )}
      </div>
      {error === undefined ? null : (
        <p className="wrongtext" role="alert">
          <span>
            <Words text={error} />
          </span>
        </p>
      )}
      {hint === undefined || error !== undefined ? null : <p className="hint">{hint}</p>}
    </fieldset>
  )
}
