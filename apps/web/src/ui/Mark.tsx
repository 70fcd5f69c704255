/** Roof and eye. */
export const Mark = ({ size = 20 }: { size?: number }) => (
  <svg className="text-accent" width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
    <path
      d="M3.2 20.2 10.7 4.6a1.45 1.45 0 0 1 2.6 0l7.5 15.6"
      stroke="currentColor"
      strokeWidth="2.7"
      strokeLinecap="round"
    />
    <circle cx="12" cy="15.6" r="3.1" fill="currentColor" />
  </svg>
)
