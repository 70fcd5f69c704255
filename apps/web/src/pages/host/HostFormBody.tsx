import type { ReactNode, RefObject } from 'react'
import type { HostForm } from './use-host-form.ts'

interface Props {
  label: string
  form: HostForm
  at: RefObject<HTMLFormElement | null>
  children: ReactNode
}

/** A form of the host's page. Enter in a field and Ctrl Enter anywhere publish. */
export const HostFormBody = ({ label, form, at, children }: Props) => (
  <form
    ref={at}
    className="hostform"
    aria-label={label}
    noValidate
    onSubmit={(event) => {
      event.preventDefault()
      if (form.dirty) form.save()
    }}
    onKeyDown={(event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      event.currentTarget.requestSubmit()
    }}
  >
    {children}
  </form>
)
