import { setupView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { meQuery, query } from '../../api/query.ts'
import { useTitle } from '../../hooks/page.ts'
import { useGo, useUrlState } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { ThemeToggle } from '../../shell/ThemeToggle.tsx'
import { buttonClass } from '../../ui/button-class.ts'
import { Empty, ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { AccountStep } from './AccountStep.tsx'
import { AddressStep } from './AddressStep.tsx'
import { MachineStep } from './MachineStep.tsx'
import { ServiceStep } from './ServiceStep.tsx'
import './setup.css'

const steps = [
  { id: 'account', title: 'Your account', about: 'name and password' },
  { id: 'machine', title: 'This machine', about: 'what Argos found' },
  { id: 'address', title: 'Panel address', about: 'a name of its own' },
  { id: 'service', title: 'Your first service', about: 'goes live' },
] as const
type StepId = (typeof steps)[number]['id']

/** First run: from nothing to a published service. The step is in the address, so a reload goes on where it was. */
export function SetupPage() {
  useTitle('Set up')
  const [step, setStep] = useUrlState('step')
  const go = useGo()
  const setup = useQuery({ ...query(setupView, { query: {} }), staleTime: 0 })
  const me = useQuery({ ...meQuery, enabled: setup.data?.needed === false, retry: false })
  const current: StepId = !me.data
    ? 'account'
    : (steps.find((s) => s.id === step && s.id !== 'account')?.id ?? 'machine')

  if (setup.isError) {
    return (
      <Frame current={current} title="Set up Argos">
        <ErrorState title="Argos does not answer" error={setup.error} onRetry={setup.refetch} />
      </Frame>
    )
  }
  if (setup.isPending || (setup.data.needed === false && me.isPending)) {
    return (
      <Frame current={current} title="Set up Argos">
        <Skeleton />
      </Frame>
    )
  }
  if (!setup.data.needed && !me.data) {
    return (
      <Frame current={current} title="Set up Argos">
        <Empty
          title="Argos is already set up"
          action={
            <a className={buttonClass({})} href={paths.login()}>
              Sign in
            </a>
          }
        >
          The first administrator exists, so setup links no longer work.
        </Empty>
      </Frame>
    )
  }
  const next = (id: StepId) => () => setStep(id)
  return (
    <Frame current={current}>
      {current === 'account' ? (
        <AccountStep onDone={() => void setup.refetch().then(next('machine'))} />
      ) : null}
      {current === 'machine' ? <MachineStep onNext={next('address')} /> : null}
      {current === 'address' ? <AddressStep onBack={next('machine')} onNext={next('service')} /> : null}
      {current === 'service' ? (
        <ServiceStep
          onBack={next('address')}
          onAdd={() => go(paths.hostNew())}
          onLater={() => go(paths.overview())}
        />
      ) : null}
    </Frame>
  )
}

interface FrameProps {
  current: StepId
  /** Read as the heading while no step with one of its own is shown. */
  title?: string
  children: React.ReactNode
}
function Frame({ current, title, children }: FrameProps) {
  const at = steps.findIndex((step) => step.id === current)
  return (
    <div className="su">
      <ThemeToggle className="themer" />
      <aside>
        <div className="row g3 logo">
          <Mark size={24} />
          <b>Argos</b>
        </div>
        <ol className="rail" aria-label="Steps">
          {steps.map((step, i) => (
            <li
              key={step.id}
              className={i < at ? 'done' : i === at ? 'now' : ''}
              aria-current={i === at ? 'step' : undefined}
            >
              <span className="k" aria-hidden="true">
                {i < at ? <Check /> : i + 1}
              </span>
              <span>
                <b>{step.title}</b>
                <span className="t3 sm">{step.about}</span>
              </span>
            </li>
          ))}
        </ol>
        <p className="t3 sm bot">About 3 minutes. Once the account is made you can leave and come back.</p>
      </aside>
      <main>
        {title === undefined ? null : <h1 className="sr">{title}</h1>}
        {children}
      </main>
    </div>
  )
}
