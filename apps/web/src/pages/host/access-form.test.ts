import type { Policy } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { guarded, sentAccess, whoGetsIn } from './access-form.ts'

const policy = (id: string, sentence: string): Policy => ({
  id,
  name: id,
  version: 1,
  rules: { any: [] },
  sentence,
  names: { people: {}, groups: {} },
  hosts: [],
  createdAt: 1,
  updatedAt: 1,
})
const known = [policy('family', 'Open to the group family.'), policy('nobody', 'Open to nobody.')]
const of = (id: string) => known.find((one) => one.id === id)

describe('who gets into a host, in one sentence', () => {
  test('public, and a policy without exceptions', () => {
    expect(whoGetsIn({ kind: 'public' }, of)).toBe('Open to everyone, without a sign-in.')
    expect(whoGetsIn(guarded('family'), of)).toBe('Open to the group family.')
  })
  test('every exception is named, the open ones first', () => {
    const paths = [
      { path: '/admin/', access: 'nobody' },
      { path: '/share/', access: 'public' },
      { path: '/s/', access: 'public' },
    ]
    expect(whoGetsIn({ ...guarded('family'), paths }, of)).toBe(
      'Open to the group family; but /share/ and /s/ are open to everyone and /admin/ is open to nobody.',
    )
  })
  test('no policy yet is not said to be anything', () => {
    expect(whoGetsIn(guarded(''), of)).toBe('Choose a policy.')
  })
})

test('an empty field for one more path is not sent, and a path is sent without spaces around it', () => {
  const paths = [
    { path: ' /share/ ', access: 'public' },
    { path: ' ', access: 'public' },
  ]
  expect(sentAccess({ ...guarded('family'), paths })).toEqual({
    ...guarded('family'),
    paths: [{ path: '/share/', access: 'public' }],
  })
  expect(sentAccess({ kind: 'public' })).toEqual({ kind: 'public' })
})
