import { type Host, type HostInput, hostList, hostUpdate, hostView, revisionList } from '@argos/contract'
import type { RefObject } from 'react'
import { call } from '../../api/call.ts'
import { query, queryClient, refresh } from '../../api/query.ts'
import { type PreviewState, usePreview } from '../../components/PreviewBox.tsx'
import { useReview } from '../../components/review.ts'
import { askPreview, mustBeRead } from '../../components/risk.ts'
import { announceSaved, undoOf } from '../../components/saved.ts'
import { type Edits, useEdits } from '../../hooks/edits.ts'
import { type Submit, useSubmit } from '../../hooks/submit.ts'
import { sentIndex, typedNames } from '../../lib/forms.ts'
import { sentAccess } from './access-form.ts'

export const inputOf = ({ domains, enabled, tls, access, tags, note, poolId }: Host): HostInput => ({
  domains,
  enabled,
  tls,
  access,
  tags,
  note,
  poolId,
})

export interface HostForm extends Pick<Edits<HostInput>, 'value' | 'dirty' | 'reset'> {
  readonly edit: (patch: Partial<HostInput>) => void
  readonly preview: PreviewState
  readonly submit: Submit
  /** What is wrong with a field: said by the panel when it was sent, or by the preview while typing. */
  readonly error: (path: string) => string | undefined
  readonly nameError: (index: number) => string | undefined
  readonly save: () => void
  /** After someone else saved: mine on top of theirs. */
  readonly saveOnTop: () => void
}

const keyOf = (id: string) => query(hostView, { params: { id } })

/** Editing a host: what is typed, what it would change, and publishing it. */
export function useHostForm(host: Host, form: RefObject<HTMLElement | null>): HostForm {
  const edits = useEdits(inputOf(host), host.version)
  const { value, version } = edits
  const submit = useSubmit(form)
  const review = useReview()
  const cleaned = (input: HostInput) => ({
    ...input,
    domains: typedNames(input.domains),
    access: sentAccess(input.access),
  })
  const body = cleaned(value)
  // An empty field for one more name is no edit yet.
  const dirty = edits.dirty && JSON.stringify(body) !== JSON.stringify(inputOf(host))
  const { poolId, ...rest } = body
  const preview = usePreview(dirty ? { id: host.id, host: { ...rest, upstream: { poolId } } } : null)

  // What was read on the screen is what counts; without it the panel is asked before anything is sent.
  const current = preview.checking ? undefined : preview.preview
  const send = (input: HostInput, on: number) =>
    submit.run(async () => {
      const intent = { kind: 'hostUpdate' as const, id: host.id, host: input }
      const read = (input === body ? current : undefined) ?? (await askPreview(intent))
      if (mustBeRead(read)) {
        review(
          { intent, version: on },
          {
            applied: edits.reset,
            refused: (problem) => void submit.run(() => Promise.reject(problem)),
          },
        )
        return
      }
      const answer = await call(hostUpdate, { params: { id: host.id }, body: { ...input, version: on } })
      queryClient.setQueryData(keyOf(host.id).queryKey, answer.host)
      edits.reset()
      const undo = read.risk === 'harmless' ? undoOf(answer.saved) : undefined
      void announceSaved(answer.saved, 'Saved', undo).then(() => refresh(hostList, hostView, revisionList))
      void refresh(hostList)
    })
  const error = (path: string) => submit.field(path) ?? preview.error?.field(`host.${path}`)

  return {
    value,
    dirty,
    reset: edits.reset,
    edit: (patch) => {
      for (const field of Object.keys(patch)) submit.edited(field)
      edits.edit(patch)
    },
    preview,
    submit,
    error,
    nameError: (i) => {
      const at = sentIndex(value.domains, i)
      return at === null ? undefined : error(`domains.${at}`)
    },
    save: () => void send(body, version),
    saveOnTop: () =>
      void queryClient.fetchQuery({ ...keyOf(host.id), staleTime: 0 }).then((theirs) => {
        edits.rebase(theirs.version)
        return send(cleaned({ ...inputOf(theirs), ...edits.patch }), theirs.version)
      }),
  }
}
