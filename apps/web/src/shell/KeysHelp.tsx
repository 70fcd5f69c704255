import type { ReactNode } from 'react'
export const KeysHelp = (_: { onClose: () => void }): ReactNode => null
