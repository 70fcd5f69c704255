import { type Link, settingsView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { query } from '../../api/query.ts'
import { Copy } from '../../components/Copy.tsx'
import { moment } from '../../lib/time.ts'
import { useSystem } from '../../shell/status.ts'
import { Note } from '../../ui/Feedback.tsx'
import { Field, Input } from '../../ui/Field.tsx'

/** Where others reach the panel: by its name, when it has one. */
function useOrigin(): { readonly origin: string; readonly named: boolean } {
  const domain = useQuery(query(settingsView)).data?.settings.panelDomain ?? ''
  const port = useSystem().data?.ports.https ?? 443
  if (domain === '') return { origin: location.origin, named: false }
  return { origin: `https://${domain}${port === 443 ? '' : `:${port}`}`, named: true }
}

/** A link that is shown once: to copy, with until when it works. */
export function LinkShown({ link, label }: { link: Link; label: string }) {
  const { origin, named } = useOrigin()
  const url = `${origin}${link.path}`
  return (
    <div className="grid gap-3">
      <Field label={label} hint={`Works once, until ${moment(link.expiresAt)}. It is shown only now.`}>
        <Input
          mono
          readOnly
          value={url}
          onFocus={(event) => event.currentTarget.select()}
          after={<Copy text={url} label="Copy the link" />}
        />
      </Field>
      {named ? null : (
        <Note tone="warn">
          <b>The panel has no name yet.</b> The link leads to {location.host}, which others may not reach.
          Give the panel a name in Settings, or change the link’s beginning.
        </Note>
      )}
    </div>
  )
}
