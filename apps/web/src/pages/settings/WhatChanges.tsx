import type { Settings } from '@argos/contract'
import { useSystem } from '../../shell/status.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Diff } from '../../ui/Feedback.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { effects, settingsDiff } from './changes.ts'

interface Props {
  before: Settings
  after: Settings
  onClose: () => void
  onSave: () => void
}

/** Settings touch every host, so they are read once more before they are saved. */
export function WhatChanges({ before, after, onClose, onSave }: Props) {
  const port = useSystem().data?.ports.panel ?? 9443
  const said = effects(before, after, {
    hostname: location.hostname,
    fallback: `https://127.0.0.1:${port}`,
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title="What will change"
      lead="Nothing has changed yet."
      footer={
        <>
          <Button className="end" onClick={onClose}>
            Go on editing
          </Button>
          <Button kind="primary" onClick={onSave}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <ul className="grid gap-2">
          {said.map(({ state, words }) => (
            <li key={words} className="row items-baseline">
              <StateGlyph state={state} label={state === 'warn' ? 'Mind this' : 'Effect'} />
              <span>{words}</span>
            </li>
          ))}
        </ul>
        <Diff title="Settings" lines={settingsDiff(before, after)} />
      </div>
    </Dialog>
  )
}
