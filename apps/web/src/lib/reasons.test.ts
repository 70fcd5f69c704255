import { expect, test } from 'vitest'
import { targetReason } from './reasons.ts'

test.each([
  ['connection refused', 'Nothing listens on 192.0.2.24:8000.'],
  ['no answer in time', '192.0.2.24:8000 does not answer in time. Is the machine on?'],
  ['no route to host', 'No way leads to 192.0.2.24 from this machine.'],
  ['answered 503', '192.0.2.24:8000 answers 503.'],
  ['http: server gave HTTP response to HTTPS client', '192.0.2.24:8000 speaks HTTP, not HTTPS.'],
  [
    'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'Its certificate is not trusted: certificate signed by unknown authority.',
  ],
  ['something new', 'Something new.'],
  ['', ''],
])('%j reads %j', (error, want) => {
  expect(targetReason('192.0.2.24:8000', error)).toBe(want)
})
