import { meQuery, queryClient } from '../api/query.ts'
import { stepUpIs } from '../api/step-up.ts'
import { AgainForm } from '../pages/door/AgainForm.tsx'
import { Dialog } from '../ui/Dialog.tsx'

/** Asks who is there before something that a page left open must not be able to do. The call then goes on by itself. */
export function StepUp() {
  return (
    <Dialog
      open
      onClose={() => stepUpIs(false)}
      title="Is it you?"
      lead="This needs a fresh proof. For ten minutes you are not asked again."
    >
      <AgainForm
        onDone={(me) => {
          queryClient.setQueryData(meQuery.queryKey, me)
          stepUpIs(true)
        }}
      />
    </Dialog>
  )
}
