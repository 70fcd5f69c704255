export type State = 'ok' | 'warn' | 'bad' | 'watching' | 'off' | 'unknown' | 'busy' | 'suggestion'

const words: Record<State, string> = {
  ok: 'well',
  warn: 'needs you',
  bad: 'failing',
  watching: 'watching',
  off: 'off',
  unknown: 'not known',
  busy: 'working',
  suggestion: 'suggestion',
}

const ring = { cx: 5, cy: 5, r: 3.4, fill: 'none' } as const

function Shape({ state, tone }: { state: State; tone: 'state' | 'current' }) {
  switch (state) {
    case 'ok':
      return <circle cx="5" cy="5" r="3.6" fill="var(--ok)" />
    case 'warn':
      return <path d="M5 .9 9.5 9H.5Z" fill="var(--warn)" />
    case 'bad':
      return <rect x="1.1" y="1.1" width="7.8" height="7.8" rx="1.6" fill="var(--bad)" />
    case 'watching':
      return (
        <>
          <circle {...ring} stroke="var(--text-2)" strokeWidth="1.4" />
          <circle cx="5" cy="5" r="1.3" fill="var(--text-2)" />
        </>
      )
    case 'off':
      return <circle {...ring} stroke="var(--text-3)" strokeWidth="1.4" />
    case 'unknown':
      return <circle {...ring} stroke="var(--text-3)" strokeWidth="1.4" strokeDasharray="2 1.55" />
    case 'busy':
      return (
        <>
          <circle
            {...ring}
            stroke={tone === 'current' ? 'transparent' : 'var(--line-strong)'}
            strokeWidth="1.6"
          />
          <path
            d="M5 1.6A3.4 3.4 0 0 1 8.4 5"
            fill="none"
            stroke={tone === 'current' ? 'currentColor' : 'var(--accent)'}
            strokeWidth="1.6"
            strokeLinecap="round"
          />
        </>
      )
    case 'suggestion':
      return <circle {...ring} stroke="var(--accent-text)" strokeWidth="1.8" />
  }
}

export interface StateGlyphProps {
  state: State
  /** Set when no word stands beside it: it becomes a named image with a tooltip. */
  label?: string | undefined
  /** `current` draws the arc in the text's colour, for filled buttons. */
  tone?: 'state' | 'current'
  size?: number
}

/** A state by shape and colour. A word belongs beside it; alone it needs `label`. */
export function StateGlyph({
  state,
  label,
  tone = 'state',
  size = state === 'busy' ? 12 : 10,
}: StateGlyphProps) {
  const shared = {
    className: state === 'busy' ? 'glyph glyph-busy' : 'glyph',
    width: size,
    height: size,
    viewBox: '0 0 10 10',
  }
  if (label === undefined) {
    return (
      <svg {...shared} aria-hidden="true">
        <Shape state={state} tone={tone} />
      </svg>
    )
  }
  return (
    <svg {...shared} role="img" aria-label={label || words[state]}>
      <title>{label || words[state]}</title>
      <Shape state={state} tone={tone} />
    </svg>
  )
}

/** Glyph and word on one line. */
export function Status({ state, children }: { state: State; children: React.ReactNode }) {
  return (
    <span className="st">
      <StateGlyph state={state} />
      {children}
    </span>
  )
}
