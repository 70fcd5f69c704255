import { Component, type ReactNode } from 'react'
import { Button } from '../ui/Button.tsx'
import { ErrorState } from '../ui/Feedback.tsx'

interface State {
  error: unknown
  failed: boolean
}

/** Keeps a bug in one page from taking the navigation with it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null, failed: false }

  static getDerivedStateFromError(error: unknown): State {
    return { error, failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? <PageFailed error={this.state.error} /> : this.props.children
  }
}

export function PageFailed({ error, reset }: { error: unknown; reset?: () => void }) {
  const stale =
    error instanceof Error && /dynamically imported module|module script failed/i.test(error.message)
  if (stale) {
    return (
      <ErrorState
        title="Argos was updated"
        error={new Error('This page belongs to the version before. Load it again to go on.')}
        onRetry={() => location.reload()}
      />
    )
  }
  return (
    <div className="grid gap-3 justify-items-center">
      <ErrorState title="This page could not be shown" error={error} onRetry={reset} />
      <Button kind="ghost" onClick={() => location.reload()}>
        Load the page again
      </Button>
    </div>
  )
}
