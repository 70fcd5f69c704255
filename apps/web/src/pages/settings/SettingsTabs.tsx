import { Link } from '../../components/Link.tsx'
import { paths } from '../../lib/paths.ts'
import { Tabs } from '../../ui/Tabs.tsx'

/** The parts of the settings, each a page. */
export const SettingsTabs = ({ current }: { current: 'general' | 'sso' }) => (
  <div className="mb-4">
    <Tabs
      label="Settings"
      current={current}
      tabs={[
        { id: 'general', label: 'General', link: <Link to={paths.settings()} /> },
        { id: 'sso', label: 'Single sign-on', link: <Link to={paths.singleSignOn()} /> },
      ]}
    />
  </div>
)
