import { Words } from '../ui/Words.tsx'

/** A message with its first sentence strong, as notes want it. */
export function Said({ message }: { message: string }) {
  const end = message.search(/[.!?](\s|$)/)
  const first = end === -1 ? message : message.slice(0, end + 1)
  return (
    <>
      <b>
        <Words text={first} />
      </b>
      <Words text={message.slice(first.length)} />
    </>
  )
}
