import type { FactorMethod } from '@argos/contract'
import { AppError } from '../errors.ts'

/** Refuses a proof of the second factor that is wrong, used or too old. */
export function wrongProof(method: FactorMethod): AppError {
  const message = {
    totp: 'This code is not right, or was used. Enter the one that the app shows now.',
    recovery: 'This is none of your recovery codes, or it was used.',
    passkey: 'This passkey was not accepted. Try again, or use a code.',
  }[method]
  return new AppError('invalid', message, { fields: [{ path: 'factor', message }] })
}
