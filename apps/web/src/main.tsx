import { createRoot } from 'react-dom/client'
import { takeSetupToken } from './lib/setup-token.ts'
import './ui/index.css'

takeSetupToken()

const element = document.getElementById('root')
if (!element) throw new Error('index.html has no #root')
const root = createRoot(element)

// The sign-in page does not wait for the code of all others.
if (location.pathname === '/login') void import('./login.tsx').then(({ showLogin }) => showLogin(root))
else void import('./app.tsx').then(({ showApp }) => showApp(root))
