import { createRoot } from 'react-dom/client'
import { takeLinkToken } from './lib/link-token.ts'
import { isDoor } from './lib/paths.ts'
import './ui/index.css'

takeLinkToken()

const element = document.getElementById('root')
if (!element) throw new Error('index.html has no #root')
const root = createRoot(element)

// The way in does not wait for the code of all other pages.
if (isDoor(location.pathname)) void import('./door.tsx').then(({ showDoor }) => showDoor(root))
else void import('./app.tsx').then(({ showApp }) => showApp(root))
