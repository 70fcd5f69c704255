import { setPreference, usePreference } from '../../lib/preferences.ts'
import { Switch } from '../../ui/Choice.tsx'
import { Card } from '../../ui/Page.tsx'
import { Segmented } from '../../ui/Segmented.tsx'

/** Choices of this browser; they act at once and are not sent anywhere. */
export function BrowserCard() {
  const theme = usePreference('theme')
  const density = usePreference('density')
  const keys = usePreference('keys')
  return (
    <Card title="This browser" id="browser" aside={<span className="t3 sm">kept here only</span>}>
      <div className="grid gap-4">
        <div className="field">
          <span className="lbl">Theme</span>
          <div>
            <Segmented
              label="Theme"
              value={theme}
              onChange={(value) => setPreference('theme', value)}
              options={[
                { value: 'system', label: 'As the system' },
                { value: 'light', label: 'Light' },
                { value: 'dark', label: 'Dark' },
              ]}
            />
          </div>
        </div>
        <div className="field">
          <span className="lbl">Rows of tables</span>
          <div>
            <Segmented
              label="Rows of tables"
              value={density}
              onChange={(value) => setPreference('density', value)}
              options={[
                { value: 'dense', label: 'Dense' },
                { value: 'comfortable', label: 'Comfortable' },
              ]}
            />
          </div>
        </div>
        <div className="grid gap-1">
          <Switch
            label="Single keys act"
            checked={keys === 'on'}
            onChange={(on) => setPreference('keys', on ? 'on' : 'off')}
          />
          <p className="hint">Such as n for a new host. Press ? for all of them; Ctrl K works either way.</p>
        </div>
      </div>
    </Card>
  )
}
