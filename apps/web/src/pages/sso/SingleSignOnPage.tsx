import { oidcSettingsView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '../../api/query.ts'
import { useCrumb } from '../../hooks/crumb.ts'
import { useTitle } from '../../hooks/page.ts'
import { Things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Card, PageHead } from '../../ui/Page.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { SettingsTabs } from '../settings/SettingsTabs.tsx'
import { SsoEditor } from './SsoEditor.tsx'
import { SwitchDialog } from './SwitchDialog.tsx'
import '../settings/settings.css'
import './sso.css'

/** How people sign in with a provider of identities. */
export function SingleSignOnPage() {
  useTitle('Single sign-on')
  useCrumb('Single sign-on')
  const [asked, setAsked] = useState(false)
  const view = useQuery(query(oidcSettingsView))
  const data = view.data
  const enabled = data?.settings.enabled ?? false
  const ready = data !== undefined && data.settings.issuer !== '' && data.settings.clientId !== ''
  return (
    <>
      <PageHead
        title="Single sign-on"
        lead={
          data ? (
            <span className="row wrap g3">
              <Status state={enabled ? 'ok' : 'off'}>{enabled ? 'on' : 'off'}</Status>
              <span>
                {data.people === 0
                  ? 'Nobody has signed in this way yet.'
                  : `${Things(data.people, 'person has', 'people have')} signed in this way.`}
              </span>
            </span>
          ) : undefined
        }
        actions={
          data ? (
            <Button
              kind={enabled || !ready ? 'plain' : 'primary'}
              disabledReason={!enabled && !ready && 'Save an issuer and a client id first.'}
              onClick={() => setAsked(true)}
            >
              {enabled ? 'Switch off…' : 'Switch on…'}
            </Button>
          ) : undefined
        }
      />
      <SettingsTabs current="sso" />
      {data ? (
        <SsoEditor view={data} />
      ) : view.isError ? (
        <ErrorState
          title="Single sign-on could not be loaded"
          error={view.error}
          onRetry={() => void view.refetch()}
        />
      ) : (
        <Card>
          <Skeleton rows={8} />
        </Card>
      )}
      {asked && data ? <SwitchDialog view={data} onClose={() => setAsked(false)} /> : null}
    </>
  )
}
