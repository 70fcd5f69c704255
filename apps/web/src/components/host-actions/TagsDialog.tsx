import { type Host, hostBulk } from '@argos/contract'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { hostName } from '../../lib/host.ts'
import { list, things } from '../../lib/words.ts'
import { useHosts } from '../../shell/status.ts'
import { Chip } from '../../ui/Badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Refusal } from '../Refusal.tsx'
import { undoOf } from '../saved.ts'
import { TagField } from '../TagField.tsx'
import { HostNames } from './HostNames.tsx'
import { settle, useSend } from './send.ts'

const pressed = (list: readonly string[], tag: string) =>
  list.includes(tag) ? list.filter((t) => t !== tag) : [...list, tag]

/** Adds and removes tags on several hosts. */
export function TagsDialog({ hosts, onClose }: { hosts: readonly Host[]; onClose: () => void }) {
  const known = useHosts().data?.tags ?? []
  const [add, setAdd] = useState<readonly string[]>([])
  const [remove, setRemove] = useState<readonly string[]>([])
  const [only, second] = hosts
  const what = only && !second ? hostName(only) : things(hosts.length, 'host')
  const present = [...new Set(hosts.flatMap((h) => h.tags))].toSorted()
  const empty = add.length === 0 && remove.length === 0
  const { busy, problem, send } = useSend(async () => {
    const action = { kind: 'tag' as const, add: [...add], remove: [...remove] }
    const { saved } = await call(hostBulk, { body: { ids: hosts.map((h) => h.id), action } })
    settle(saved, `Tagged ${what}`, undoOf(saved))
  }, onClose)
  const says = [
    add.length === 0 ? '' : `get ${list(add)}`,
    remove.length === 0 ? '' : `lose ${list(remove)}`,
  ].filter(Boolean)
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Tags of ${what}`}
      lead="Tags sort and filter; visitors never see them."
      dirty={!empty}
      onSubmit={empty ? () => undefined : send}
      footer={
        <>
          <Button className="end" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            busy={busy}
            disabledReason={empty && 'Add a tag or press one to take it off.'}
          >
            Save tags
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Refusal problem={problem} shows={() => false} />
        <TagField
          label={hosts.length === 1 ? 'Add' : 'Add to all'}
          value={add}
          onChange={setAdd}
          known={known}
        />
        {present.length === 0 ? null : (
          <div className="field">
            <span className="lbl">Take off</span>
            <div className="row wrap">
              {present.map((tag) => (
                <button
                  key={tag}
                  type="button"
                  aria-pressed={remove.includes(tag)}
                  onClick={() => setRemove(pressed(remove, tag))}
                >
                  <Chip
                    tone={remove.includes(tag) ? 'bad' : undefined}
                    state={remove.includes(tag) ? 'off' : undefined}
                  >
                    {tag}
                  </Chip>
                </button>
              ))}
            </div>
          </div>
        )}
        {says.length === 0 ? null : (
          <p>
            {hosts.length === 1 ? 'It' : `All ${hosts.length}`} {list(says)}.
          </p>
        )}
        <HostNames hosts={hosts} />
      </div>
    </Dialog>
  )
}
