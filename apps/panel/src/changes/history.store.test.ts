import type { HostInput } from '@argos/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../db/testing.ts'
import { recordChange } from './changes.store.ts'
import { historyStore } from './history.store.ts'

const ids = Array.from({ length: 250 }, (_, i) => `h_${String(i).padStart(3, '0')}`)
const form = (id: string, enabled: boolean): HostInput => ({
  ...{ domains: [`${id}.example.com`], enabled, tls: 'auto', access: { kind: 'public' } },
  ...{ tags: [], note: '', poolId: 'p_1' },
})

let database: Awaited<ReturnType<typeof testDatabase>>
beforeEach(async () => {
  database = await testDatabase()
})
afterEach(() => database.close())

/** All hosts switched on or off at once; of `same` it is said only that they stayed as they were. */
const switched = (enabled: boolean, same: readonly string[] = []) =>
  database.db.transaction().execute((trx) =>
    recordChange(
      trx,
      { kind: 'system', name: 'test' },
      {
        words: [enabled ? 'Resumed all' : 'Paused all'],
        hosts: ids,
        objects: ids.map((id) => ({
          ...{ kind: 'host' as const, id, name: id },
          before: form(id, same.includes(id) ? enabled : !enabled),
          after: form(id, enabled),
        })),
      },
    ),
  )

describe('changes of many hosts, again and again', () => {
  test('each is told with the first change since, and only when it is not as it was left', async () => {
    const all = [await switched(false), await switched(true), await switched(false), await switched(true)]
    const [first = 0, second = 0, third = 0, last = 0] = all
    const again = await historyStore(database.db).changedAgain(all)
    expect([...again].map(([of, by]) => [of, by.generation]).sort()).toEqual([
      [first, second],
      [third, last],
    ])
    expect(again.get(first)?.words).toEqual(['Resumed all'])
  })
  test('of each so many are read as are asked for, those that differ first', async () => {
    const generation = await switched(false, ids.slice(0, 240))
    const other = await switched(true)
    const some = await historyStore(database.db).objectsOf([generation, other], 20)
    const mine = some.filter((o) => o.generation === generation)
    expect(mine.map((o) => o.id)).toEqual([...ids.slice(240), ...ids.slice(0, 10)])
    expect(some).toHaveLength(40)
    expect(await historyStore(database.db).objectsOf([generation])).toHaveLength(250)
  })
  test('they come to what is before the first and after the last', async () => {
    const before = await switched(false)
    await switched(true)
    await switched(false)
    const upTo = await switched(true)
    const history = historyStore(database.db)
    expect(await history.netIn({ after: before, upTo: upTo - 1 })).toEqual([])
    const net = await history.netIn({ after: before, upTo })
    expect(net).toHaveLength(250)
    expect(net[0]).toEqual({
      ...{ kind: 'host', id: 'h_000', name: 'h_000' },
      ...{ before: form('h_000', false), after: form('h_000', true) },
    })
  })
})
