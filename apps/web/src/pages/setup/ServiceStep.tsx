import { ClipboardPaste, Globe, LockKeyhole } from 'lucide-react'
import { Button } from '../../ui/Button.tsx'

const parts = [
  {
    icon: <ClipboardPaste />,
    title: 'Paste its address',
    hint: 'Such as http://192.0.2.31:8096. Argos asks it what it is: HTTP or HTTPS, WebSockets, which app.',
  },
  {
    icon: <Globe />,
    title: 'Give it a name',
    hint: 'Argos checks that the name leads to this machine while you type.',
  },
  {
    icon: <LockKeyhole />,
    title: 'Read what will change, then publish',
    hint: 'The certificate comes by itself, and the service is live in about a second.',
  },
]

/** Leads to the flow that adds a host, or out. */
export function ServiceStep({
  onAdd,
  onLater,
  onBack,
}: {
  onAdd: () => void
  onLater: () => void
  onBack: () => void
}) {
  return (
    <section>
      <h1>Publish your first service</h1>
      <p className="lead">Something that runs at home and should answer under a name of yours.</p>
      <div className="card">
        <ul className="chk">
          {parts.map((part) => (
            <li key={part.title}>
              <span className="t2 pt-[2px]">{part.icon}</span>
              <div className="grow">
                <b>{part.title}</b>
                <p className="t2">{part.hint}</p>
              </div>
            </li>
          ))}
        </ul>
      </div>
      <footer className="row wrap">
        <Button size="lg" onClick={onBack}>
          Back
        </Button>
        <Button kind="ghost" size="lg" className="end" onClick={onLater}>
          Not now
        </Button>
        <Button kind="primary" size="lg" onClick={onAdd}>
          Add a service
        </Button>
      </footer>
    </section>
  )
}
