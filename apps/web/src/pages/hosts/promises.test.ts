import type { Revision } from '@argos/contract'
import { expect, test } from 'vitest'
import { aHost } from '../../../test/a-host.ts'
import { headline, promises, settled } from './promises.ts'

const revision = (probe: string | null): Revision => ({
  number: 12,
  at: 1,
  actor: { kind: 'user', name: 'noor' },
  words: [],
  kind: 'swap',
  outcome: 'live',
  error: null,
  generation: 3,
  hosts: [{ id: 'h_photos', name: 'photos.home.example', probe }],
  tookMs: 8,
})
const states = (items: readonly { id: string; state: string }[]) => items.map((i) => `${i.id} ${i.state}`)

test('nothing but the saving is claimed before the edge has it', () => {
  const host = aHost({ state: { edge: 'applying', upstream: 'unknown' } })
  expect(states(promises(host, 3, undefined))).toEqual(['saved ok', 'edge busy', 'upstream unknown'])
  expect(headline(host).state).toBe('busy')
  expect(settled(host)).toBe(false)
})

test('a visit that failed is not green', () => {
  const items = (probe: string) => states(promises(aHost(), 3, revision(probe)))
  expect(items('Answers 200 in 12 ms.')).toContain('probe ok')
  expect(items('Answers 502: the service behind it does not.')).toContain('probe warn')
  expect(items('HTTPS to photos.home.example failed: reset.')).toContain('probe warn')
})

test('a refused host says so and stops asking', () => {
  const host = aHost({ state: { edge: 'refused' } })
  expect(headline(host)).toEqual({ state: 'bad', title: 'photos.home.example is saved, not live' })
  expect(settled(host)).toBe(true)
})

test('a paused host promises only that it is saved', () => {
  expect(promises(aHost({ state: { edge: 'off' } }), 3, undefined)).toHaveLength(1)
})
