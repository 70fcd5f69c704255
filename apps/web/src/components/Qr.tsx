import { encode } from 'uqr'

/** The dark squares of a code as one outline, in units of a square, with the quiet border that readers need. */
export function outline(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: 'M', border: 2 })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return { size, path }
}

/** Black on white in both themes, as cameras want it. Made here: what it holds goes to nobody. */
export function Qr({ text, label }: { text: string; label: string }) {
  const { size, path } = outline(text)
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path d={path} fill="#0b0e11" />
    </svg>
  )
}
