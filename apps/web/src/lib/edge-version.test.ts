import type { SystemStatus } from '@argos/contract'
import { expect, test } from 'vitest'
import { edgeVersionWords } from './edge-version.ts'

const of = (edge: string | null, panel: string) =>
  edgeVersionWords({ edge: { version: edge }, panel: { version: panel } } as SystemStatus)

test('an edge of another version is said, with which is the older', () => {
  expect(of('1.2.0', '1.2.0')).toBeNull()
  expect(of(null, '1.2.0'), 'not said is not guessed').toBeNull()
  expect(of('1.2.0', '1.10.0')).toBe('1.2.0 is older than the panel’s 1.10.0')
  expect(of('2.0.0', '1.10.0')).toBe('2.0.0 is newer than the panel’s 1.10.0')
  expect(of('1.2.0-rc.1', '1.2.0')).toBe('1.2.0-rc.1 is not the same as the panel’s 1.2.0')
  expect(of('custom', '1.2.0')).toBe('custom is not the same as the panel’s 1.2.0')
})
