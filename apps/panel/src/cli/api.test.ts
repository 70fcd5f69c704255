import { ApiError, type ErrorCode, errorStatus, type FieldError } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { worded } from './api.ts'
import { exitCode } from './verb.ts'

const refusal = (code: ErrorCode | 'unreachable', message: string, fields: FieldError[] = []) =>
  worded(
    new ApiError(code === 'unreachable' ? 0 : errorStatus[code], { code, message, requestId: 'r1', fields }),
  )

describe('a refusal of the panel, as the console shows it,', () => {
  test('has what is wrong with its field first, and the remedy second', () => {
    const message = 'app.example is published already. Change that host, or enter another name.'
    expect(refusal('conflict', message, [{ path: 'domains.0', message }])).toMatchObject({
      message: 'domains.0: app.example is published already.',
      remedy: 'Change that host, or enter another name.',
      exitCode: exitCode.refused,
    })
  })

  test('has one line for each field, and each remedy once', () => {
    const fields = [
      { path: 'domains.0', message: 'a is wrong. Remove it.' },
      { path: 'domains.1', message: 'b is wrong. Remove it.' },
    ]
    expect(refusal('invalid', '2 fields need another look: …', fields)).toMatchObject({
      message: 'domains.0: a is wrong.\n       domains.1: b is wrong.',
      remedy: 'Remove it.',
    })
  })

  test.each([
    ['`nodot` has no dot. Enter a full name, such as nodot.home.example.', '`nodot` has no dot.'],
    ['`a,b` has a comma. Did you mean a.b?', '`a,b` has a comma.'],
    ['No panel runs here. `./argos up` starts it.', 'No panel runs here.'],
    ['192.0.2.1:80 does not answer', '192.0.2.1:80 does not answer'],
  ])('%s ends its first line where the first sentence ends', (text, first) => {
    expect(refusal('conflict', text).message).toBe(first)
  })

  test.each<[ErrorCode | 'unreachable', number, boolean]>([
    ['not_found', exitCode.notFound, false],
    ['invalid', exitCode.refused, false],
    ['rejected_by_edge', exitCode.refused, false],
    ['conflict', exitCode.failed, false],
    ['conflict', exitCode.refused, true],
    ['not_found', exitCode.notFound, true],
    ['stale', exitCode.failed, false],
    ['unauthenticated', exitCode.failed, false],
    ['busy', exitCode.failed, false],
    ['internal', exitCode.failed, false],
    ['unreachable', exitCode.failed, false],
  ])('%s ends with %i (with a field: %s)', (code, exit, withField) => {
    const fields = withField ? [{ path: 'x', message: 'No.' }] : []
    expect(refusal(code, 'No.', fields)).toMatchObject({
      exitCode: exit,
      remedy: expect.stringMatching(/\S/),
    })
  })
})
