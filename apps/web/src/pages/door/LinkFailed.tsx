import { paths } from '../../lib/paths.ts'
import { buttonClass } from '../../ui/button-class.ts'
import { DoorHead } from './Door.tsx'

/** A one-time link that opens nothing: used, too old, or not whole. */
export const LinkFailed = ({ title, why }: { title: string; why: string }) => (
  <section className="card lgc" role="alert">
    <DoorHead title={title} lead={why} />
    <a className={buttonClass({ size: 'lg', full: true })} href={paths.login()}>
      Go to the sign-in
    </a>
  </section>
)
