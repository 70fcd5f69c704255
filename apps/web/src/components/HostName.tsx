import { splitName } from '../lib/host.ts'

/** A name with the part that tells hosts apart in front: **photos**.home.example. */
export function HostName({ name }: { name: string }) {
  const [head, tail] = splitName(name)
  return (
    <span className="cut">
      <b>{head}</b>
      {tail === '' ? null : <span className="t3">{tail}</span>}
    </span>
  )
}
