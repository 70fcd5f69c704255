import { expect, test } from 'vitest'
import { provenAgain, stepUpAsked, stepUpIs, subscribeStepUp } from './step-up.ts'

test('where nothing can ask, nobody waits for an answer', async () => {
  expect(await provenAgain()).toBe(false)
  expect(stepUpAsked()).toBe(false)
})

test('calls that ask meanwhile share one dialog, and the next one asks anew', async () => {
  const seen: boolean[] = []
  const leave = subscribeStepUp(() => seen.push(stepUpAsked()))
  const both = [provenAgain(), provenAgain()]
  expect(seen, 'told once').toEqual([true])
  stepUpIs(true)
  expect(await Promise.all(both)).toEqual([true, true])
  const refused = provenAgain()
  stepUpIs(false)
  expect(await refused).toBe(false)
  expect(seen).toEqual([true, false, true, false])
  leave()
})
