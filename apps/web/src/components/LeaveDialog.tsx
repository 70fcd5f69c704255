import { type Leave, useLeave } from '../hooks/leave.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'

/** Drawn inside a form's page: asks once before edits are lost. */
export function LeaveDialog({ dirty, what = 'What you changed here' }: { dirty: boolean; what?: string }) {
  const { asking, stay, leave }: Leave = useLeave(dirty)
  return (
    <Dialog
      open={asking}
      onClose={stay}
      title="Leave without saving?"
      lead={`${what} is not saved and will be gone.`}
      footer={
        <>
          <Button className="end" onClick={stay}>
            Stay here
          </Button>
          <Button kind="danger" onClick={leave}>
            Leave
          </Button>
        </>
      }
    />
  )
}
