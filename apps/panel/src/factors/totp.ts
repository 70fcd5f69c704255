import { generateSecret, generateURI, verifySync } from 'otplib'

const PERIOD_S = 30
/** 160 bits, as RFC 4226 recommends. */
const SECRET_BYTES = 20

export const newTotpSecret = (): string => generateSecret({ length: SECRET_BYTES })

/** What the QR code says. */
export const totpUri = (issuer: string, username: string, secret: string): string =>
  generateURI({ issuer, label: username, secret })

/**
 * The time step whose code this is: the present one, the one before or the one after. Null when it is none, or none
 * later than `lastStep`. Clocks of phones are off by some seconds, and typing takes some.
 */
export function stepOf(secret: string, code: string, now: number, lastStep: number | null): number | null {
  const token = code.replaceAll(/[\s-]/g, '')
  if (!/^[0-9]{6}$/.test(token)) return null
  const epoch = Math.floor(now / 1_000)
  // A clock that was set back: every code that could be right was used already.
  if (lastStep !== null && lastStep > Math.floor(epoch / PERIOD_S)) return null
  const verified = verifySync({
    secret,
    token,
    epoch,
    epochTolerance: PERIOD_S,
    ...(lastStep === null ? {} : { afterTimeStep: lastStep }),
  })
  return verified.valid && 'timeStep' in verified ? verified.timeStep : null
}
