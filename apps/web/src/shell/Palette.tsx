import { Dialog as Base } from '@base-ui/react/dialog'
import { CornerDownLeft, Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useHostActions } from '../components/host-actions/HostActions.tsx'
import { useGo } from '../hooks/url.ts'
import { Kbd } from '../ui/Badges.tsx'
import { StateGlyph } from '../ui/StateGlyph.tsx'
import { type Command, commandsFor, marked } from './commands.ts'
import { useHosts } from './status.ts'
import './palette.css'

interface Props {
  onClose: () => void
  onHelp: () => void
}

/** Finds hosts, pages and actions by name. What it does to a host is read in a preview first. */
export function Palette({ onClose, onHelp }: Props) {
  const go = useGo()
  const { ask } = useHostActions()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const commands = commandsFor(typed, useHosts().data?.hosts ?? [])
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => {
    list.current?.querySelector(`[data-at="${at}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const run = ({ does }: Command, newTab: boolean) => {
    if (does === 'help') return onHelp()
    onClose()
    if ('ask' in does) ask({ kind: does.ask, hosts: [does.host] })
    else if ('href' in does) window.open(does.href, '_blank', 'noreferrer')
    else if (newTab) window.open(does.to, '_blank')
    else go(does.to)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && commands.length > 0) {
      event.preventDefault()
      setAt((at + step + commands.length) % commands.length)
    }
    const command = commands[at]
    if (event.key === 'Enter' && command) {
      event.preventDefault()
      run(command, event.ctrlKey || event.metaKey)
    }
  }

  return (
    <Base.Root open onOpenChange={(open) => open || onClose()}>
      <Base.Portal>
        <Base.Backdrop className="scrim pal-scrim" />
        <Base.Popup className="pal">
          <Base.Title className="sr">Search or jump to</Base.Title>
          <div className="palin">
            <Search />
            <input
              role="combobox"
              aria-label="Search hosts, pages and actions"
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={commands[at] ? `${id}-${at}` : undefined}
              aria-autocomplete="list"
              autoComplete="off"
              spellCheck={false}
              placeholder="Search or jump to…"
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value)
                setAt(0)
              }}
              onKeyDown={onKeyDown}
            />
            <Kbd keys={['Esc']} />
          </div>
          <div className="pallist" role="listbox" id={`${id}-list`} aria-label="Found" ref={list}>
            {commands.map((command, i) => (
              <div key={`${command.group} ${command.id}`} role="presentation">
                {commands[i - 1]?.group === command.group ? null : (
                  <p className="h3" role="presentation">
                    {command.group}
                  </p>
                )}
                {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys, as a combobox does */}
                <div
                  role="option"
                  tabIndex={-1}
                  id={`${id}-${i}`}
                  data-at={i}
                  aria-selected={i === at}
                  className="palrow"
                  onPointerMove={() => i !== at && setAt(i)}
                  onClick={(event) => run(command, event.ctrlKey || event.metaKey)}
                >
                  <Line command={command} typed={typed} current={i === at} />
                </div>
              </div>
            ))}
            {commands.length === 0 ? (
              <p className="t2 none" role="presentation">
                Nothing is called that. Search looks at hosts, pools, targets, tags and pages.
              </p>
            ) : null}
          </div>
          <p className="sr" role="status">
            {commands.length} found
          </p>
          <footer className="phone-hide">
            <span>
              <Kbd keys={['↑', '↓']} /> move
            </span>
            <span>
              <Kbd keys={['↵']} /> open
            </span>
            <span>
              <Kbd keys={['Ctrl', '↵']} /> new tab
            </span>
            <span className="end">Paste an address to find its host</span>
          </footer>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

function Line({ command, typed, current }: { command: Command; typed: string; current: boolean }) {
  const Icon = command.icon
  return (
    <>
      <span className="ic">{Icon ? <Icon /> : <StateGlyph state={command.state ?? 'unknown'} />}</span>
      <span className="cut">
        {marked(command.label, typed).map((part) =>
          part.hit ? <mark key={part.text}>{part.text}</mark> : part.text,
        )}
      </span>
      <span className="cut t3 sm">{command.beside}</span>
      <span className="end">
        {current ? <CornerDownLeft /> : command.keys ? <Kbd keys={command.keys} /> : null}
      </span>
    </>
  )
}
