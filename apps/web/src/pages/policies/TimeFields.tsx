import { Plus, X } from 'lucide-react'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Words } from '../../ui/Words.tsx'
import { newTime, nextKey, type TimeDraft } from './draft.ts'

interface Props {
  times: readonly TimeDraft[]
  onChange: (times: readonly TimeDraft[]) => void
  /** What is wrong with a field of one of them. */
  error: (index: number, field: string) => string | undefined
}

const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone
// Monday first; the panel counts from Sunday.
const week = [1, 2, 3, 4, 5, 6, 0] as const
const dayName = (day: number, weekday: 'short' | 'long') =>
  new Date(Date.UTC(2024, 0, 7 + day)).toLocaleDateString('en-GB', { weekday, timeZone: 'UTC' })

/** Windows of time on days of the week; any of them will do. */
export function TimeFields({ times, onChange, error }: Props) {
  const change = (i: number, patch: Partial<TimeDraft>) =>
    onChange(times.map((time, at) => (at === i ? { ...time, ...patch } : time)))
  return (
    <div className="grid gap-3">
      {times.map((time, i) => (
        <fieldset key={time.key} className="window">
          <legend className="sr">Time {i + 1}</legend>
          <Days days={time.days} onChange={(days) => change(i, { days })} error={error(i, 'days')} />
          <div className="clock">
            <Field label="From" error={error(i, 'from')}>
              <Input type="time" value={time.from} onChange={(e) => change(i, { from: e.target.value })} />
            </Field>
            <Field label="To" error={error(i, 'to')}>
              <Input type="time" value={time.to} onChange={(e) => change(i, { to: e.target.value })} />
            </Field>
            <Field label="Time zone" error={error(i, 'zone')}>
              <Input value={time.zone} onChange={(e) => change(i, { zone: e.target.value })} />
            </Field>
            <IconButton
              label={`Remove time ${i + 1}`}
              icon={<X />}
              onClick={() => onChange(times.filter((_, at) => at !== i))}
            />
          </div>
          {time.to !== '' && time.to <= time.from ? <p className="hint">It ends on the next day.</p> : null}
        </fieldset>
      ))}
      <div>
        <Button
          size="sm"
          icon={<Plus />}
          onClick={() => onChange([...times, newTime(nextKey(times), here())])}
        >
          {times.length === 0 ? 'Only at times' : 'Or at another time'}
        </Button>
      </div>
    </div>
  )
}

interface DaysProps {
  days: readonly number[]
  onChange: (days: readonly number[]) => void
  error: string | undefined
}
function Days({ days, onChange, error }: DaysProps) {
  return (
    <fieldset className="field" data-invalid={error === undefined ? undefined : ''}>
      <legend className="sr">Days</legend>
      <div className="days">
        {week.map((day) => (
          <button
            key={day}
            type="button"
            className="day"
            aria-pressed={days.includes(day)}
            aria-label={dayName(day, 'long')}
            onClick={() => onChange(days.includes(day) ? days.filter((d) => d !== day) : [...days, day])}
          >
            {dayName(day, 'short')}
          </button>
        ))}
      </div>
      {error === undefined ? null : (
        <p className="wrongtext" role="alert">
          <span>
            <Words text={error} />
          </span>
        </p>
      )}
    </fieldset>
  )
}
