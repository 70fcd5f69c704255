import { useSuspenseQuery } from '@tanstack/react-query'
import { meQuery } from '../api/query.ts'
import { Link } from '../components/Link.tsx'
import { paths } from '../lib/paths.ts'
import { Note } from '../ui/Feedback.tsx'

/** Banners about how the panel is reached; they last as long as the cause. */
export function Warnings() {
  const { warnings } = useSuspenseQuery(meQuery).data
  return (
    <>
      {warnings.includes('wrong_key') && <WrongKey />}
      {warnings.includes('insecure_http') && <PlainHttp />}
    </>
  )
}

function WrongKey() {
  return (
    <div className="banner">
      <Note tone="bad">
        <b>The master key is not the one of this database.</b> Everything is shown and nothing is changed;
        published hosts are served on. Put the key of your recovery sheet back into <code>.env</code>, then
        restart.
      </Note>
    </div>
  )
}

function PlainHttp() {
  return (
    <div className="banner">
      <Note tone="warn">
        <b>This page comes over plain HTTP.</b> Anyone on the way can read your password and take your
        session. Set a{' '}
        <Link className="link" to={paths.settings('panel')}>
          panel domain
        </Link>
        , then start Argos without <code>ARGOS_INSECURE_HTTP</code>.
      </Note>
    </div>
  )
}
