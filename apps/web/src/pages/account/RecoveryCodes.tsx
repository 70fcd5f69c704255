import { Download, Printer } from 'lucide-react'
import { Copy } from '../../components/Copy.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Note } from '../../ui/Feedback.tsx'

/** As text, for a file or a clipboard, with what it is for: a sheet without a name is thrown away. */
export const sheetOf = (codes: readonly string[], host: string): string =>
  [
    `Recovery codes of ${host}`,
    'Each signs you in once, in place of the code of your phone.',
    '',
    ...codes,
    '',
  ].join('\n')

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: 'recovery-codes.txt' })
  link.click()
  URL.revokeObjectURL(url)
}

/** Shown once, and closed only by saying that they are kept. */
export function RecoveryCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const sheet = sheetOf(codes, location.hostname)
  return (
    <Dialog
      open
      locked
      onClose={onClose}
      title="Keep these recovery codes"
      lead="Each signs you in once when your phone is gone."
      footer={
        <Button kind="primary" className="end" onClick={onClose}>
          I have kept them
        </Button>
      }
    >
      <div className="codesheet grid gap-4">
        <h2 className="paper">Recovery codes of {location.hostname}</h2>
        <ul className="codes mono" aria-label="Recovery codes">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className="row wrap g2 screen">
          <Copy text={sheet} label="Copy all" />
          <Button size="xs" icon={<Printer />} onClick={() => print()}>
            Print
          </Button>
          <Button size="xs" icon={<Download />} onClick={() => download(sheet)}>
            Download
          </Button>
        </div>
        <div className="screen">
          <Note tone="warn">
            <b>They are shown now only.</b> Keep them away from the phone: on paper or in a password manager.
          </Note>
        </div>
      </div>
    </Dialog>
  )
}
