import { setPreference, usePreference } from '../lib/preferences.ts'
import { Kbd } from '../ui/Badges.tsx'
import { Switch } from '../ui/Choice.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { sections } from './sections.ts'
import './palette.css'

type Line = readonly [keys: readonly string[], does: string]

const parts: readonly { readonly title: string; readonly lines: readonly Line[] }[] = [
  {
    title: 'Everywhere',
    lines: [
      [['Ctrl', 'K'], 'search hosts, pages and actions (⌘ K on a Mac)'],
      [['/'], 'search this page'],
      [['n'], 'add a host'],
      [['?'], 'this list'],
      [['Esc'], 'close, or go back'],
    ],
  },
  { title: 'Go to', lines: sections.map((s): Line => [['g', s.chord], s.label.toLowerCase()]) },
  {
    title: 'In a list',
    lines: [
      [['j'], 'next row'],
      [['k'], 'row before'],
      [['↵'], 'open'],
      [['x'], 'select'],
      [['e'], 'edit'],
      [['.'], 'actions of the row'],
      [['[', ']'], 'row before and after, in the drawer of one'],
    ],
  },
  {
    title: 'In a form',
    lines: [[['Ctrl', '↵'], 'publish, or apply what a preview shows']],
  },
  {
    title: 'While a change waits',
    lines: [[['⇧', 'K'], 'keep it']],
  },
]

/** All keys that exist, and the switch that turns the single ones off. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const keys = usePreference('keys')
  return (
    <Dialog open onClose={onClose} title="Keyboard" lead="Single keys rest while you type.">
      <div className="grid gap-5">
        {parts.map((part) => (
          <section key={part.title}>
            <h3 className="t3 sm">{part.title}</h3>
            <dl className="keylist">
              {part.lines.map(([combination, does]) => (
                <div key={does} className="contents">
                  <dt>
                    <Kbd keys={combination} />
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <Switch
          label="Single keys in this browser"
          checked={keys === 'on'}
          onChange={(on) => setPreference('keys', on ? 'on' : 'off')}
        />
      </div>
    </Dialog>
  )
}
