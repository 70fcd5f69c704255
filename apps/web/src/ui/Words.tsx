/** Text with `code` in backticks, as messages of the panel have it. */
export const Words = ({ text }: { text: string }) =>
  text.split(/`([^`]+)`/).map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))
