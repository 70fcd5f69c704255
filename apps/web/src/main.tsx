import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/query.ts'
import { takeSetupToken } from './lib/setup-token.ts'
import { router } from './routes.tsx'
import { ToastProvider } from './ui/Toast.tsx'
import { TooltipProvider } from './ui/Tooltip.tsx'
import './ui/index.css'

takeSetupToken()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    {/* The CSP has no unsafe-inline: Base UI must not draw style elements of its own. */}
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <ToastProvider>
          <TooltipProvider delay={400}>
            <RouterProvider router={router} />
          </TooltipProvider>
        </ToastProvider>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
)
