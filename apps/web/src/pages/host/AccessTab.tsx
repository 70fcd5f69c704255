import type { Access, Host } from '@argos/contract'
import { useRef, useState } from 'react'
import { ButtonLink, Link } from '../../components/Link.tsx'
import { usePolicies } from '../../components/policies.ts'
import { hostName, publicUrl } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { OptionCards, Switch } from '../../ui/Choice.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { Field } from '../../ui/Field.tsx'
import { Card } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { type Guarded, guarded, whoGetsIn } from './access-form.ts'
import { GuestLinks } from './GuestLinks.tsx'
import { HostFormBody } from './HostFormBody.tsx'
import { HostFormFoot } from './HostFormFoot.tsx'
import { PathExceptions } from './PathExceptions.tsx'
import { useHostForm } from './use-host-form.ts'

const shows = (path: string) => path.startsWith('access')

/** Who gets in: everyone, or whom a policy lets in; and the paths that differ, each of them listed. */
export function AccessTab({ host }: { host: Host }) {
  const at = useRef<HTMLFormElement>(null)
  const form = useHostForm(host, at)
  const policies = usePolicies()
  const { access } = form.value
  // Choosing "everyone" and back brings the policy and its paths back as they were.
  const [last, setLast] = useState<Guarded | null>(host.access.kind === 'policy' ? host.access : null)
  const set = (next: Access) => {
    if (next.kind === 'policy') setLast(next)
    form.edit({ access: next })
  }
  const protect = () => set(last ?? guarded(policies.all[0]?.id ?? ''))
  const none = policies.loaded && policies.all.length === 0
  const name = hostName(host)
  return (
    <div className="cols">
      <div className="c8 grid gap-4">
        <HostFormBody label="Access" form={form} at={at}>
          <Card title="Who gets in">
            <div className="grid gap-4">
              <OptionCards
                label="Who gets in"
                value={access.kind}
                onChange={(kind) => (kind === 'public' ? set({ kind }) : protect())}
                options={[
                  {
                    value: 'public',
                    title: 'Everyone',
                    hint: 'Argos asks nobody to sign in. The app may still ask itself.',
                  },
                  {
                    value: 'policy',
                    title: 'Whom a policy lets in',
                    hint: none
                      ? 'There is no policy yet: add one first.'
                      : 'Others get a sign-in page, and the app never hears of them.',
                    disabled: none,
                  },
                ]}
              />
              {access.kind === 'public' ? null : (
                <Field
                  label="Policy"
                  error={form.error('access.policyId')}
                  hint={policies.of(access.policyId)?.sentence}
                  aside={
                    <Link className="link" to={paths.policies({ open: access.policyId })}>
                      Edit this policy
                    </Link>
                  }
                >
                  <Select
                    value={access.policyId}
                    onChange={(policyId) => set({ ...access, policyId })}
                    options={policies.all.map(({ id, name: label, sentence }) => ({
                      value: id,
                      label,
                      hint: sentence,
                    }))}
                  />
                </Field>
              )}
              {none ? (
                <div>
                  <ButtonLink to={paths.policies({ open: 'new' })}>Add a policy</ButtonLink>
                </div>
              ) : null}
              {access.kind === 'policy' && host.tls === 'none' ? (
                <Note tone="warn">
                  <b>Sign-ins need HTTPS.</b> This host speaks plain HTTP, and a browser keeps no sign-in
                  there.{' '}
                  <Link className="link" to={paths.hostTab(host.id, 'tls')}>
                    Give it a certificate
                  </Link>
                  .
                </Note>
              ) : null}
            </div>
          </Card>
          {access.kind === 'public' ? null : (
            <>
              <Card title="Paths that differ">
                <PathExceptions
                  paths={access.paths}
                  policies={policies.all}
                  onChange={(next) => set({ ...access, paths: next })}
                  error={form.error}
                />
              </Card>
              <More access={access} onChange={set} />
            </>
          )}
          <HostFormFoot host={host} form={form} shows={shows} />
        </HostFormBody>
        {host.access.kind === 'policy' ? <GuestLinks host={host} /> : null}
      </div>
      <div className="c4 grid gap-4">
        <Card title={form.dirty ? 'As it would be' : 'As it is'}>
          <output className="block">{whoGetsIn(access, policies.of)}</output>
          <p className="mt-3 sm">
            <Link
              className="link"
              to={paths.policyTest({ url: publicUrl(name, host.tls) ?? `https://${name}/` })}
            >
              Test who can open an address
            </Link>
          </p>
        </Card>
      </div>
    </div>
  )
}

/** What hardly anybody changes. */
function More({ access, onChange }: { access: Guarded; onChange: (access: Guarded) => void }) {
  // Open from the start when something in it is unusual; then it is the reader's.
  const [open] = useState(!access.keep || access.assertion)
  return (
    <details className="card more-access" open={open}>
      <summary>More</summary>
      <div className="body grid gap-4">
        <div className="grid gap-1">
          <Switch
            label="Keep what is known of a session for up to 30 s"
            checked={access.keep}
            onChange={(keep) => onChange({ ...access, keep })}
          />
          <p className="hint">
            {access.keep
              ? 'A sign-out or a lost right still acts at once: the edge is told.'
              : 'The panel is asked on every request: slower, and nobody gets in while the panel is away.'}
          </p>
        </div>
        <div className="grid gap-1">
          <Switch
            label="Send the app a signed word on who it is"
            checked={access.assertion}
            onChange={(assertion) => onChange({ ...access, assertion })}
          />
          <p className="hint">
            A short-lived JWT in <code>X-Argos-Assertion</code>, for apps that check it. Name, e-mail and
            groups stand in headers of their own either way.
          </p>
        </div>
      </div>
    </details>
  )
}
