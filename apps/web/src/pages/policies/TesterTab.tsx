import { policyTest, type Verdict } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { Check, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { meQuery } from '../../api/query.ts'
import { Link } from '../../components/Link.tsx'
import { calledAs, useEverybody } from '../../components/people.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { useSubmit } from '../../hooks/submit.ts'
import { useUrlState } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { list } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Empty } from '../../ui/Feedback.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Card } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { Words } from '../../ui/Words.tsx'
import { asUrl, byVerdict, momentOf, type Tested, verdicts } from './tester.ts'
import './tester.css'

const shows = (path: string) => ['url', 'address', 'at', 'factorHours', 'personId'].includes(path)

/** Who can open an address, and why: the rules are asked, nothing is opened. */
export function TesterTab() {
  const form = useRef<HTMLFormElement>(null)
  const [url, setUrl] = useUrlState('url')
  const [person, setPerson] = useUrlState('person')
  const [address, setAddress] = useState('203.0.113.7')
  const [factor, setFactor] = useState<'none' | 'now' | 'day'>('none')
  const [at, setAt] = useState('')
  const [tested, setTested] = useState<Tested | null>(null)
  const submit = useSubmit(form)
  const { users } = useEverybody()
  const me = useQuery(meQuery).data?.user.id

  const test = () =>
    submit.run(async () => {
      const moment = momentOf(at)
      setTested(
        await call(policyTest, {
          body: {
            url: asUrl(url),
            address: address.trim(),
            personId: person || null,
            factorHours: person === '' || factor === 'none' ? null : factor === 'now' ? 0 : 24,
            ...(moment === undefined ? {} : { at: moment }),
          },
        }),
      )
    })
  const edit = (field: string, set: (value: string) => void) => (value: string) => {
    submit.edited(field)
    set(value)
  }
  return (
    <div className="cols">
      <div className="c4">
        <Card title="Who, where, when">
          <form
            ref={form}
            className="grid gap-4"
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              void test()
            }}
          >
            <Refusal problem={submit.problem} shows={shows} />
            <Field label="Address they open" error={submit.field('url')}>
              <Input
                mono
                inputMode="url"
                data-search
                placeholder="photos.home.example/api/"
                value={url}
                onChange={(event) => edit('url', setUrl)(event.target.value)}
              />
            </Field>
            <Field label="Who it is" error={submit.field('personId')}>
              <Select
                value={person}
                onChange={edit('personId', setPerson)}
                options={[
                  { value: '', label: 'Nobody: not signed in' },
                  ...users.map((user) => ({
                    value: user.id,
                    label: user.id === me ? `${calledAs(user)} (you)` : calledAs(user),
                  })),
                ]}
              />
            </Field>
            {person === '' ? null : (
              <Field label="Second factor">
                <Select
                  value={factor}
                  onChange={setFactor}
                  options={[
                    { value: 'none', label: 'Not given' },
                    { value: 'now', label: 'Just now' },
                    { value: 'day', label: 'A day ago' },
                  ]}
                />
              </Field>
            )}
            <Field
              label="Where they come from"
              error={submit.field('address')}
              hint="Their address as the edge sees it."
            >
              <Input
                mono
                value={address}
                onChange={(event) => edit('address', setAddress)(event.target.value)}
              />
            </Field>
            <Field label="When" error={submit.field('at')} hint="Empty is now.">
              <Input type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
            </Field>
            <div>
              <Button kind="primary" type="submit" busy={submit.busy}>
                Test
              </Button>
            </div>
          </form>
        </Card>
      </div>
      <div className="c8 grid gap-4" aria-live="polite">
        {tested === null ? (
          <Empty title="Nothing tested yet">
            Enter an address of a host of yours. The rules are asked as the edge asks them; nothing is opened
            and nothing is counted.
          </Empty>
        ) : (
          <Outcome tested={tested} />
        )}
      </div>
    </div>
  )
}

const Light = ({ verdict }: { verdict: Verdict }) => (
  <Status state={verdicts[verdict].state}>{verdicts[verdict].words}</Status>
)

function Outcome({ tested }: { tested: Tested }) {
  const [first = '', ...rest] = tested.words
  return (
    <>
      <Card>
        <div className="verdict">
          <Light verdict={tested.verdict} />
          <h2>
            <Words text={first} />
          </h2>
          {rest.map((words) => (
            <p key={words} className="t2">
              <Words text={words} />
            </p>
          ))}
          {tested.host === null ? null : (
            <p className="sm">
              <Link className="link" to={paths.hostTab(tested.host.id, 'access')}>
                Who gets into {tested.host.name}
              </Link>
            </p>
          )}
        </div>
      </Card>
      {tested.tests.map((test, i) => (
        <Card
          key={i}
          flush
          title={
            <>
              {test.policy ? test.policy.name : 'Public'}
              {test.path === null ? null : (
                <>
                  {' '}
                  <span className="t3">
                    on <code>{test.path}</code>
                  </span>
                </>
              )}
            </>
          }
          aside={<Light verdict={test.verdict} />}
        >
          {test.clauses.length === 0 ? (
            <p className="t2 p-4">
              {test.policy === null ? 'Everyone gets in here.' : 'It has no way in, so nobody gets in.'}
            </p>
          ) : (
            <ol className="clauses">
              {test.clauses.map((clause, at) => (
                <li key={at}>
                  <div className="row wrap g3">
                    <span className="grow">
                      {test.clauses.length === 1 ? 'For' : `Way in ${at + 1}: for`} <b>{clause.sentence}</b>
                    </span>
                    <Light verdict={clause.verdict} />
                  </div>
                  <ul>
                    {clause.parts.map((part) => (
                      <li key={part.words} className={part.met ? 'met' : 'unmet'}>
                        {part.met ? <Check aria-hidden="true" /> : <X aria-hidden="true" />}
                        <span>
                          <span className="sr">{part.met ? 'met: ' : 'not met: '}</span>
                          {part.words}
                        </span>
                      </li>
                    ))}
                  </ul>
                </li>
              ))}
            </ol>
          )}
        </Card>
      ))}
      {tested.people.length === 0 ? null : (
        <Card title="Everybody with an account, from there and then" flush>
          <ul className="rows slim">
            {byVerdict(tested.people).map(({ verdict, people }) => (
              <li key={verdict}>
                <span className="who-verdict">
                  <Light verdict={verdict} />
                </span>
                <span>{list(people.map((person) => person.name))}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}
