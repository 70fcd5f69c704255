import { auditVerify } from '@argos/contract'
import { useMutation } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { Link } from '../../components/Link.tsx'
import { paths } from '../../lib/paths.ts'
import { count, things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Status } from '../../ui/StateGlyph.tsx'

/** Every entry seals the one before it: this recomputes all seals and says what it found. */
export function ChainCheck() {
  const check = useMutation({ mutationFn: () => call(auditVerify) })
  return (
    <>
      <span className="sm empty:hidden" role="status">
        {check.isError ? <Status state="warn">not checked: {check.error.message}</Status> : null}
        {check.data ? <Result {...check.data} /> : null}
      </span>
      <Button busy={check.isPending} onClick={() => check.mutate()}>
        {check.data ? 'Check again' : 'Check for tampering'}
      </Button>
    </>
  )
}

function Result({ ok, checked, brokenAt }: { ok: boolean; checked: number; brokenAt: number | null }) {
  if (ok) return <Status state="ok">{things(checked, 'entry', 'entries')}, none changed or missing</Status>
  return (
    <Status state="bad">
      <span className="whitespace-normal">
        Something was changed or removed
        {brokenAt === null ? null : (
          <>
            {' '}
            at{' '}
            <Link className="link" to={paths.audit({ open: String(brokenAt) })}>
              entry {count(brokenAt)}
            </Link>
          </>
        )}
        : the file was written to from outside Argos
      </span>
    </Status>
  )
}
