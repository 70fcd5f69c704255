import { PoolInput } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { draftDiff, draftOf, draftProblems, emptyTarget, inputOf, newDraft, parsePasted } from './draft.ts'

const typed = {
  ...newDraft,
  name: ' wiki ',
  targets: [{ ...emptyTarget(0), address: '192.0.2.31', port: '80' }],
}

describe('the form of a pool', () => {
  test('a whole draft is what the panel takes, and comes back as it was typed', () => {
    const input = PoolInput.parse(inputOf(typed))
    expect(input.name).toBe('wiki')
    const pool = {
      ...input,
      id: 'p',
      version: 1,
      hosts: [],
      createdAt: 0,
      updatedAt: 0,
      targets: input.targets.map((t) => ({ ...t, health: null })),
    }
    expect(inputOf(draftOf(pool))).toEqual(input)
    expect(draftDiff(pool, draftOf(pool)).every((line) => line.op === 'same')).toBe(true)
  })
  test('numbers are judged before anything is sent, under the paths the panel uses', () => {
    const wrong = {
      ...typed,
      intervalS: '2',
      timeoutS: 'soon',
      targets: [
        { ...emptyTarget(0), port: '' },
        { ...emptyTarget(1), port: '70000', weight: '0' },
      ],
    }
    expect(draftProblems(wrong).map((p) => p.path)).toEqual([
      'targets.0.port',
      'targets.1.port',
      'targets.1.weight',
      'health.intervalS',
      'health.timeoutS',
    ])
    expect(draftProblems(typed)).toEqual([])
  })
})

describe('a pasted address', () => {
  test.each([
    ['https://nas.lan:8443/login?x=1', { address: 'nas.lan', port: '8443', protocol: 'https' }],
    ['https://nas.lan', { address: 'nas.lan', port: '443', protocol: 'https' }],
    ['HTTP://192.0.2.31/', { address: '192.0.2.31', port: '80', protocol: 'http' }],
    ['192.0.2.31:8096', { address: '192.0.2.31', port: '8096', protocol: null }],
    ['[fd00::12]:80', { address: 'fd00::12', port: '80', protocol: null }],
    ['192.0.2.31', null],
    ['fd00::12', null],
    ['https://user@nas.lan', null],
    ['two words', null],
    ['', null],
  ])('%j', (text, want) => {
    expect(parsePasted(text)).toEqual(want)
  })
})
