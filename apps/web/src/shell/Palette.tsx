import type { ReactNode } from 'react'
export const Palette = (_: { onClose: () => void; onHelp: () => void }): ReactNode => null
