import type { LucideIcon } from 'lucide-react'
import type { Light } from '../lib/host.ts'
import { Status } from '../ui/StateGlyph.tsx'
import { Link } from './Link.tsx'
import './path.css'

export interface Stage {
  readonly id: string
  readonly name: string
  readonly icon: LucideIcon
  readonly light: Light
  /** Its setting, in a few words. */
  readonly setting: string
  /** Where it is changed; a stage without one has nothing to change yet. */
  readonly to?: string | undefined
}

/** The way of a request, in the order it meets the stages. Only stages that exist are given. */
export const Path = ({ stages, current }: { stages: readonly Stage[]; current?: string | undefined }) => (
  <ol className="path">
    {stages.map((stage) => (
      <li key={stage.id} className="stage" aria-current={stage.id === current ? 'true' : undefined}>
        {stage.to === undefined ? (
          <div className="box">
            <Inside stage={stage} />
          </div>
        ) : (
          <Link to={stage.to} className="box">
            <Inside stage={stage} editing={stage.id === current} />
          </Link>
        )}
      </li>
    ))}
  </ol>
)

function Inside({ stage, editing = false }: { stage: Stage; editing?: boolean }) {
  const { icon: Icon, name, light, setting } = stage
  return (
    <>
      <span className="nm">
        <Icon />
        {name}
        {editing ? <span className="end sm">editing</span> : null}
      </span>
      <span className={`set ${light.state === 'bad' || light.state === 'warn' ? light.state : ''}`}>
        <Status state={light.state}>{light.words}</Status>
      </span>
      <span className="set t3">{setting}</span>
    </>
  )
}
