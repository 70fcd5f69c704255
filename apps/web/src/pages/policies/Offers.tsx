import { type PolicyInput, policyCreate, policyList, sentenceOf } from '@argos/contract'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { refresh } from '../../api/query.ts'
import { useEverybody } from '../../components/people.ts'
import { announceSaved } from '../../components/saved.ts'
import { Button } from '../../ui/Button.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'

/** Policies that most people want, each made with one press: no host uses it before somebody says so. */
export function Offers({ offers }: { offers: readonly PolicyInput[] }) {
  const { names } = useEverybody()
  const [busy, setBusy] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const add = async (offer: PolicyInput) => {
    setBusy(offer.name)
    try {
      const { saved } = await call(policyCreate, { body: offer })
      setProblem(null)
      await refresh(policyList)
      void announceSaved(saved, `Added ${offer.name}`)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setProblem(error.message)
    } finally {
      setBusy(null)
    }
  }
  if (offers.length === 0) return null
  return (
    <Card
      title="Usual ones"
      flush
      className="mt-4"
      aside={<span className="t3 sm">change them as you like</span>}
    >
      {problem === null ? null : (
        <div className="p-4">
          <Note tone="bad" alert>
            <b>Not added.</b> {problem}
          </Note>
        </div>
      )}
      <ul className="rows">
        {offers.map((offer) => (
          <li key={offer.name}>
            <span className="grow">
              <b className="block">{offer.name}</b>
              <span className="t2 sm block">{sentenceOf(offer, names)}</span>
            </span>
            <Button
              size="sm"
              icon={<Plus />}
              busy={busy === offer.name}
              aria-label={`Add ${offer.name}`}
              onClick={() => void add(offer)}
            >
              Add
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  )
}
