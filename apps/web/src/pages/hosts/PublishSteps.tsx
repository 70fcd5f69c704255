import type { Pool } from '@argos/contract'
import { Check } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { DomainList } from '../../components/DomainList.tsx'
import { PreviewBox } from '../../components/PreviewBox.tsx'
import { TlsCards } from '../../components/TlsCards.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { AccessStep } from './AccessStep.tsx'
import { SourceSwitch, UpstreamStep } from './UpstreamStep.tsx'
import type { Publish } from './use-publish.ts'

interface Props {
  publish: Publish
  pools: readonly Pool[]
  first: RefObject<HTMLInputElement | null>
}

/** All steps in view: what Argos filled in only needs reading. */
export function PublishSteps({ publish, pools, first }: Props) {
  const { form, change, domains, tls, preview, probing, error, nameError, problem } = publish
  const placed = form.source === 'pool' ? form.poolId !== '' : (probing.probe?.reachable ?? false)
  const named = domains.some((d) => d.includes('.')) && domains.every((_, i) => nameError(i) === undefined)
  const accepted = preview.preview?.edge.accepted === true && !preview.checking
  const done = [placed, named, placed && named, placed && named, false]
  const now = done.indexOf(false)
  const label = probing.probe?.app?.suggestedSubdomain ?? 'app'
  const step = (at: number, title: string, body: ReactNode, aside?: ReactNode) => (
    <Step at={at} title={title} aside={aside} phase={done[at] ? 'done' : at === now ? 'now' : 'soon'}>
      {body}
    </Step>
  )
  return (
    <ol className="steps publish">
      {step(
        0,
        'Where it runs',
        <UpstreamStep publish={publish} pools={pools} first={first} />,
        pools.length === 0 ? null : <SourceSwitch publish={publish} />,
      )}
      {step(
        1,
        'Address',
        <DomainList
          domains={domains}
          onChange={(next) => change({ domains: next })}
          error={nameError}
          placeholder={`${label}.home.example`}
        />,
      )}
      {step(
        2,
        'Certificate',
        <>
          <TlsCards value={tls} onChange={(next) => change({ tls: next })} domains={domains} />
          {error('tls') === undefined ? null : <p className="wrongtext">{error('tls')}</p>}
        </>,
      )}
      {step(
        3,
        'Who gets in',
        <AccessStep
          value={form.policyId}
          onChange={(policyId) => change({ policyId })}
          error={error('access.policyId') ?? error('access')}
        />,
      )}
      {step(
        4,
        'What will change',
        <div className={accepted ? 'accepted' : ''}>
          {problem === null ? null : (
            <Note tone="bad" alert>
              <b>Nothing was published.</b> {problem.message}
            </Note>
          )}
          {publish.whole ? (
            <PreviewBox state={preview} title={domains[0]?.trim() ?? ''} />
          ) : (
            <p className="t3">Stands here once Argos knows where it runs and its name.</p>
          )}
        </div>,
      )}
    </ol>
  )
}

interface StepProps {
  at: number
  title: string
  phase: 'done' | 'now' | 'soon'
  aside: ReactNode
  children: ReactNode
}
const Step = ({ at, title, phase, aside, children }: StepProps) => (
  <li className={phase} aria-current={phase === 'now' ? 'step' : undefined}>
    <span className="k" aria-hidden="true">
      {phase === 'done' ? <Check /> : at + 1}
    </span>
    <div className="what">
      <div className="head">
        <h3>{title}</h3>
        <span className="end">{aside}</span>
      </div>
      <div className="stepbody">{children}</div>
    </div>
  </li>
)
