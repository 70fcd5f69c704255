const rings = [
  { r: 292, dash: undefined, opacity: 0.5 },
  { r: 348, dash: '1 8', opacity: 0.43 },
  { r: 412, dash: undefined, opacity: 0.36 },
  { r: 484, dash: '1 8', opacity: 0.29 },
  { r: 564, dash: undefined, opacity: 0.22 },
  { r: 652, dash: '1 8', opacity: 0.15 },
]

/** The rings behind the sign-in card. */
export const Eye = () => (
  <svg className="eye" viewBox="0 0 1200 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
    {rings.map(({ r, dash, opacity }) => (
      <circle
        key={r}
        cx="600"
        cy="450"
        r={r}
        fill="none"
        stroke="var(--line-strong)"
        strokeDasharray={dash}
        opacity={opacity}
      />
    ))}
  </svg>
)
