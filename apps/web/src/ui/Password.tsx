import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { buttonClass } from './button-class.ts'
import { Input, type InputProps } from './Field.tsx'

/** A password field whose content can be shown while it is typed. */
export function Password(props: Omit<InputProps, 'type' | 'after'>) {
  const [shown, setShown] = useState(false)
  return (
    <Input
      {...props}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      after={
        <button
          type="button"
          className={`${buttonClass({ kind: 'ghost', size: 'xs' })} icon`}
          aria-label="Show the password"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff /> : <Eye />}
        </button>
      }
    />
  )
}
