import { settingsView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { query } from '../../api/query.ts'
import { RecoverySheet } from '../../components/RecoverySheet.tsx'
import { useTitle } from '../../hooks/page.ts'
import { ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Card, PageHead } from '../../ui/Page.tsx'
import { BrowserCard } from './BrowserCard.tsx'
import { SettingsEditor } from './SettingsEditor.tsx'
import { SettingsTabs } from './SettingsTabs.tsx'
import './settings.css'

/** `/settings#proxies` leads to its card once that is there. */
function useAnchor(ready: boolean) {
  useEffect(() => {
    if (ready && location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView()
  }, [ready])
}

export function SettingsPage() {
  useTitle('Settings')
  const view = useQuery(query(settingsView))
  useAnchor(view.isSuccess)
  return (
    <>
      <PageHead title="Settings" lead="What holds for the panel and every host." />
      <SettingsTabs current="general" />
      <div className="cols">
        <div className="c8">
          {view.data ? (
            <SettingsEditor saved={view.data.settings} version={view.data.version} />
          ) : view.isError ? (
            <ErrorState
              title="The settings could not be loaded"
              error={view.error}
              onRetry={() => void view.refetch()}
            />
          ) : (
            <Card>
              <Skeleton rows={8} />
            </Card>
          )}
        </div>
        <div className="c4 grid gap-4">
          <Card title="Recovery sheet" id="recovery">
            <RecoverySheet />
          </Card>
          <BrowserCard />
        </div>
      </div>
    </>
  )
}
