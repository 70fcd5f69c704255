import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import type { Root } from 'react-dom/client'
import { queryClient } from './api/query.ts'
import { router } from './routes.tsx'
import { ToastProvider } from './ui/Toast.tsx'
import { TooltipProvider } from './ui/Tooltip.tsx'

/** Everything but the sign-in page. */
export const showApp = (root: Root): void =>
  root.render(
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
