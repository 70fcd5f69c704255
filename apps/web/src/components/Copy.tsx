import { Check, Copy as CopyIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../ui/Button.tsx'

/** Copies a text. Where the browser has no clipboard (plain HTTP) it is not drawn: the text can be selected. */
export function Copy({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [done, setDone] = useState(false)
  useEffect(() => {
    if (!done) return
    const timer = setTimeout(() => setDone(false), 2_000)
    return () => clearTimeout(timer)
  }, [done])
  if (!isSecureContext) return null
  return (
    <Button
      size="xs"
      icon={done ? <Check /> : <CopyIcon />}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setDone(true))}
    >
      {done ? 'Copied' : label}
    </Button>
  )
}
