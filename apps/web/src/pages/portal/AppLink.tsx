import type { PortalApp } from '@argos/contract'
import { Ago } from '../../components/Time.tsx'
import { Tile } from '../../ui/Badges.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { titleOf } from './apps.ts'

interface Props {
  app: PortalApp
  /** When it was opened last, on the cards of the last ones. */
  openedAt?: number | undefined
  onOpen: (hostId: string) => void
}

/** One app: where a press leads, and whether it is there. */
export function AppLink({ app, openedAt, onOpen }: Props) {
  const title = titleOf(app.name)
  return (
    <a
      className={app.up ? 'app2' : 'app2 down'}
      href={app.url}
      // Opened as the person goes: the browser stays on this page for as long as the app takes.
      onClick={() => onOpen(app.hostId)}
    >
      <Tile name={title} />
      <span className="tx">
        <b className="cut">{title}</b>
        {app.up ? (
          <span className="t3 cut">
            {openedAt === undefined ? (
              app.name
            ) : (
              <>
                opened <Ago at={openedAt} />
              </>
            )}
          </span>
        ) : (
          <span className="st bad">
            <StateGlyph state="bad" size={9} />
            does not answer
          </span>
        )}
      </span>
    </a>
  )
}
