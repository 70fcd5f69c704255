import type { Root } from 'react-dom/client'
import { LoginPage } from './pages/login/LoginPage.tsx'

/** The sign-in page by itself: what `/login` loads instead of the app. */
export const showLogin = (root: Root): void => root.render(<LoginPage />)
