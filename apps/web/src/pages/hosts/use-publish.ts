import {
  type Host,
  hostCreate,
  hostList,
  type Pool,
  poolList,
  type UpstreamProbe,
  upstreamProbe,
} from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { ApiError, call } from '../../api/call.ts'
import { meQuery, queryClient, refresh } from '../../api/query.ts'
import { type PreviewState, usePreview } from '../../components/PreviewBox.tsx'
import { useDebounced } from '../../hooks/debounced.ts'
import { focusFirstError, sentIndex } from '../../lib/forms.ts'
import type { Done } from './publish-form.ts'
import {
  domainsOf,
  emptyForm,
  hostOf,
  isAskable,
  isEdited,
  type PublishForm,
  tlsOf,
  verifyOf,
} from './publish-form.ts'

export interface Probing {
  readonly probe: UpstreamProbe | undefined
  readonly waiting: boolean
  readonly error: ApiError | null
}

/** Asks the service what it is, 400 ms after the last key. An answer belongs to the address it was asked for. */
function useProbe(typed: string): Probing {
  const url = typed.trim()
  const asked = useDebounced(url)
  const answer = useQuery({
    queryKey: [upstreamProbe.id, asked],
    queryFn: ({ signal }) => call(upstreamProbe, { body: { url: asked } }, signal),
    enabled: asked === url && isAskable(asked),
    retry: false,
    staleTime: 15_000,
    placeholderData: () => undefined,
  })
  const current = asked === url && isAskable(url)
  return {
    probe: current ? answer.data : undefined,
    waiting: isAskable(url) && (!current || answer.isFetching),
    error: current && answer.error instanceof ApiError ? answer.error : null,
  }
}

export interface Publish {
  readonly form: PublishForm
  readonly change: (patch: Partial<PublishForm>) => void
  readonly edited: boolean
  readonly probing: Probing
  readonly domains: readonly string[]
  readonly tls: ReturnType<typeof tlsOf>
  readonly verifyTls: boolean
  readonly preview: PreviewState
  /** Everything needed is there. */
  readonly whole: boolean
  readonly sent: boolean
  /** What is wrong with one field, by its path in the host: from the preview while typing, from the panel once sent. */
  readonly error: (path: string) => string | undefined
  readonly nameError: (index: number) => string | undefined
  /** A refusal that no field explains. */
  readonly problem: ApiError | null
  readonly busy: boolean
  /** Publishes, or saves it paused. Without all it needs, shows what is missing. */
  readonly send: (enabled: boolean) => void
}

interface Around {
  hosts: readonly Host[]
  pools: readonly Pool[]
  body: RefObject<HTMLElement | null>
  onDone: (done: Done) => void
}

export function usePublish({ hosts, pools, body, onDone }: Around): Publish {
  const [form, setForm] = useState(emptyForm)
  const [tried, setTried] = useState(false)
  const [sending, setSending] = useState<'no' | 'busy' | 'sent'>('no')
  const [problem, setProblem] = useState<ApiError | null>(null)
  const startedAt = useRef<number>(undefined)
  const probing = useProbe(form.source === 'url' ? form.url : '')
  const found = { probe: probing.probe, hosts, pools }
  const domains = domainsOf(form, found)
  const host = hostOf(form, found)
  const preview = usePreview(host === null ? null : { host })
  const edited = isEdited(form)
  useEffect(() => {
    if (edited) startedAt.current ??= Date.now()
  }, [edited])

  const missing = (path: string): string | undefined => {
    if (!tried) return undefined
    if (path === 'upstream') {
      if (form.source === 'pool') return form.poolId === '' ? 'Choose a pool.' : undefined
      if (form.url.trim() === '') return 'Paste where the service runs, such as http://192.0.2.31:8096.'
      if (!isAskable(form.url))
        return 'This is no address. Enter it as you open the service, such as http://192.0.2.31:8096.'
      return probing.probe || probing.waiting ? undefined : 'Argos could not ask this address yet.'
    }
    return path === 'domains.0' && domains.every((d) => d.trim() === '')
      ? 'Enter the name visitors will use.'
      : undefined
  }
  const refused = (path: string) =>
    problem?.field(path) ?? problem?.field(`host.${path}`) ?? preview.error?.field(`host.${path}`)
  const error = (path: string) => refused(path) ?? missing(path)
  const nameError = (i: number) => {
    const at = sentIndex(domains, i)
    return (
      (at === null ? undefined : refused(`domains.${at}`)) ?? (i === 0 ? missing('domains.0') : undefined)
    )
  }

  const send = async (enabled: boolean) => {
    const body_ = hostOf(form, found, enabled)
    flushSync(() => setTried(true))
    if (body_ === null || sending === 'busy') return focusFirstError(body.current)
    setSending('busy')
    setProblem(null)
    try {
      const answer = await call(hostCreate, { body: body_ })
      setSending('sent')
      onDone({ ...answer, startedAt: startedAt.current ?? Date.now(), savedAt: Date.now() })
      void refresh(hostList, poolList)
      void queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught
      flushSync(() => {
        setSending('no')
        setProblem(caught)
      })
      focusFirstError(body.current)
    }
  }

  return {
    form,
    change: (patch) => {
      setProblem(null)
      setForm((old) => ({ ...old, ...patch }))
    },
    edited,
    probing,
    domains,
    tls: tlsOf(form, domains),
    verifyTls: verifyOf(form, probing.probe),
    preview,
    whole: host !== null,
    sent: sending === 'sent',
    error,
    nameError,
    problem: problem !== null && problem.fields.length === 0 ? problem : null,
    busy: sending === 'busy',
    send: (enabled) => void send(enabled),
  }
}
