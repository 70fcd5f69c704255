import type { Settings } from '@argos/contract'
import { OptionCards } from '../ui/Choice.tsx'

interface Props {
  value: Settings['panelTls']
  onChange: (value: Settings['panelTls']) => void
}

/** How the panel's own name gets its certificate. */
export const PanelTlsCards = ({ value, onChange }: Props) => (
  <OptionCards
    label="Certificate of the panel"
    value={value}
    onChange={onChange}
    options={[
      {
        value: 'auto',
        title: 'A public certificate',
        hint: 'Every browser trusts it. The name must be reachable from the internet on port 80 or 443, and appears in public logs.',
      },
      {
        value: 'internal',
        title: 'Argos’ own certificate',
        hint: 'Works without the internet. Browsers warn until you trust Argos’ root on each device.',
      },
    ]}
  />
)
