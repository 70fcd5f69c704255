const hostOf = (dial: string): string => dial.replace(/:\d+$/, '')

const known: readonly (readonly [RegExp, (dial: string, error: string) => string])[] = [
  [/connection refused/, (dial) => `Nothing listens on ${dial}.`],
  [/no answer in time|timeout|deadline/i, (dial) => `${dial} does not answer in time. Is the machine on?`],
  [/no route to host|unreachable/, (dial) => `No way leads to ${hostOf(dial)} from this machine.`],
  [/no such host|server misbehaving/, (dial) => `DNS does not know ${hostOf(dial)}.`],
  [/gave HTTP response to HTTPS/, (dial) => `${dial} speaks HTTP, not HTTPS.`],
  [/x509|certificate/, (_, error) => `Its certificate is not trusted: ${error.replace(/^.*x509: /, '')}.`],
  [/reset by peer|EOF|malformed HTTP/, (dial) => `${dial} hangs up without an answer.`],
  [
    /not a possible upstream/,
    (dial) => `The edge never calls ${dial}: it is the edge itself or an address of the system.`,
  ],
]

/** Why a target is down, as a person would say it. What is not known is passed on, as a sentence. */
export function targetReason(dial: string, error: string): string {
  if (error === '') return ''
  const answered = /^answered (\d{3})$/.exec(error)
  if (answered) return `${dial} answers ${answered[1]}.`
  const found = known.find(([pattern]) => pattern.test(error))
  if (found) return found[1](dial, error)
  const text = error.charAt(0).toUpperCase() + error.slice(1)
  return /[.!?]$/.test(text) ? text : `${text}.`
}
