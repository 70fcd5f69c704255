import { expect, test } from 'vitest'
import { lineDiff } from '../hosts/diff.ts'
import { settingsEffects, settingsLines } from './settings-effects.ts'

const settings = {
  ...{ panelDomain: '', panelTls: 'auto' as const, acmeDirectory: '', acmeEmail: '', acmeRootPem: '' },
  trustedProxies: ['10.0.0.1'],
}

test('another root as long as the one before is a difference, and neither is shown', () => {
  const [before, after] = [
    { ...settings, acmeRootPem: 'one' },
    { ...settings, acmeRootPem: 'two' },
  ]
  const lines = lineDiff(settingsLines(before), settingsLines(after)).filter((line) => line.op !== 'same')
  expect(lines.map((line) => line.op)).toEqual(['del', 'add'])
  expect(lines.map((line) => line.text).join(' ')).not.toMatch(/\b(one|two)\b/)
  expect(settingsEffects(before, after)).toHaveLength(1)
})

test('nothing changed says nothing', () => {
  expect(settingsEffects(settings, settings)).toEqual([])
  expect(lineDiff(settingsLines(settings), settingsLines(settings))).toEqual([])
})
