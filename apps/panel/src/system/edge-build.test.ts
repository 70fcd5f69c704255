import { neededModules } from '@argos/caddy'
import { describe, expect, test } from 'vitest'
import { edgeDialect } from '../apply/fate.ts'
import { otherBuild } from './edge-build.ts'

const modules = [...neededModules]
const of = (edge: Partial<{ version: string | null; modules: string[] }>, api: number | null = edgeDialect) =>
  otherBuild({ version: '0.2.0', modules, ...edge }, { api, own: '0.2.0' })

describe('an edge of another build is told, not guessed', () => {
  test('the same one is nothing to tell, and neither is one that was not asked yet', () => {
    expect(of({})).toEqual([])
    expect(of({ version: null, modules: [] }, null)).toEqual([])
  })
  test('another version is named beside the own, with what to do', () => {
    expect(of({ version: '0.1.0' })).toEqual([
      {
        code: 'edge_version',
        message: 'The edge is of another version: edge 0.1.0, panel 0.2.0.',
        remedy: expect.stringContaining('./argos restart'),
      },
    ])
  })
  test.each([
    [edgeDialect - 1, 'It is older: it cannot go back by itself'],
    [edgeDialect + 1, 'It is newer: what it says in new words is not understood'],
  ])('dialect %i says what follows from it, also under the same version', (api, words) => {
    expect(of({}, api)).toMatchObject([{ code: 'edge_version', message: expect.stringContaining(words) }])
  })
  test('modules that it lacks are named', () => {
    const less = modules.filter((id) => id !== 'http.handlers.argos_gate')
    expect(of({ modules: less })).toMatchObject([
      { code: 'edge_modules', message: expect.stringContaining(': http.handlers.argos_gate.') },
    ])
  })
})
