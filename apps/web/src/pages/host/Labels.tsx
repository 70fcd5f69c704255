import { type Host, hostList, hostUpdate, hostView } from '@argos/contract'
import { useRef } from 'react'
import { call } from '../../api/call.ts'
import { query, queryClient, refresh } from '../../api/query.ts'
import { LeaveDialog } from '../../components/LeaveDialog.tsx'
import { Refusal } from '../../components/Refusal.tsx'
import { announceSaved, undoOf } from '../../components/saved.ts'
import { TagField } from '../../components/TagField.tsx'
import { useEdits } from '../../hooks/edits.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { useHosts } from '../../shell/status.ts'
import { Button } from '../../ui/Button.tsx'
import { Field, Textarea } from '../../ui/Field.tsx'
import { Card } from '../../ui/Page.tsx'
import { inputOf } from './use-host-form.ts'

type Texts = Pick<Host, 'tags' | 'note'>

/** Saves tags and note of what is there now, and offers the way back. */
async function label(host: Host, version: number, texts: Texts): Promise<void> {
  const body = { ...inputOf(host), ...texts, version }
  const answer = await call(hostUpdate, { params: { id: host.id }, body })
  queryClient.setQueryData(query(hostView, { params: { id: host.id } }).queryKey, answer.host)
  void refresh(hostList)
  void announceSaved(answer.saved, 'Saved', undoOf(answer.saved))
}

/** Tags and a note: for people only, so they are saved without a preview. */
export function Labels({ host }: { host: Host }) {
  const at = useRef<HTMLFormElement>(null)
  const edits = useEdits<Texts>({ tags: host.tags, note: host.note }, host.version)
  const submit = useSubmit(at)
  const known = useHosts().data?.tags ?? []
  const save = (version: number) =>
    submit.run(async () => {
      await label(host, version, edits.value)
      edits.reset()
    })
  const saveOnTop = async () => {
    const theirs = await queryClient.fetchQuery({
      ...query(hostView, { params: { id: host.id } }),
      staleTime: 0,
    })
    await submit.run(async () => {
      const { tags, note } = { ...theirs, ...edits.patch }
      await label(theirs, theirs.version, { tags, note })
      edits.reset()
    })
  }
  return (
    <Card title="Tags and note">
      <form
        ref={at}
        className="grid gap-3"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (edits.dirty) void save(edits.version)
        }}
      >
        <Refusal
          problem={submit.problem}
          shows={(path) => path === 'note' || path.startsWith('tags')}
          actions={
            submit.problem?.code === 'stale' ? (
              <Button size="sm" onClick={() => void saveOnTop()}>
                Save mine on top
              </Button>
            ) : undefined
          }
        />
        <TagField
          label="Tags"
          value={edits.value.tags}
          known={known}
          error={submit.field('tags') ?? submit.field('tags.0')}
          onChange={(tags) => edits.edit({ tags: [...tags] })}
        />
        <Field label="Note" error={submit.field('note')}>
          <Textarea
            maxLength={500}
            value={edits.value.note}
            onChange={(event) => edits.edit({ note: event.currentTarget.value })}
          />
        </Field>
        {edits.dirty ? (
          <div className="row">
            <Button className="end" onClick={edits.reset}>
              Discard
            </Button>
            <Button type="submit" busy={submit.busy}>
              Save
            </Button>
          </div>
        ) : null}
      </form>
      <LeaveDialog dirty={edits.dirty && !submit.busy} />
    </Card>
  )
}
