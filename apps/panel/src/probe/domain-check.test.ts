import { expect, test } from 'vitest'
import { ownPlaces } from '../guard/places.ts'
import { domainChecker, type NameOwner } from './domain-check.ts'

const records: Record<string, string[]> = {
  'app.home.example': ['192.168.1.2'],
  'other.home.example': ['192.168.1.9'],
  'out.home.example': ['93.184.215.14'],
  'split.home.example': ['93.184.215.14', '192.168.1.9'],
  'both.home.example': ['192.168.1.2', '192.168.1.9'],
  'argos-check.wild.example': ['192.168.1.2'],
  'taken.home.example': ['192.168.1.2'],
  'panel.home.example': ['192.168.1.2'],
}
const owners: Record<string, NameOwner> = {
  'taken.home.example': { kind: 'host', hostId: 'h_1', name: 'media.home.example' },
  'panel.home.example': { kind: 'panel' },
}
const check = domainChecker({
  own: ownPlaces({ listeners: [], addresses: () => ['192.168.1.2'] }),
  resolve: async (name) => records[name] ?? [],
  ownerOf: async (name) => owners[name] ?? null,
})

test.each([
  ['app.home.example', true, [true], 'points to this machine.'],
  ['APP.Home.Example.', true, [true], 'points to this machine.'],
  ['*.wild.example', true, [true], 'points to this machine.'],
  ['other.home.example', false, [false], 'which is another machine'],
  ['out.home.example', true, [null], 'which may lead here'],
  ['split.home.example', true, [null, false], 'which may lead here'],
  ['both.home.example', true, [true, false], 'and also to 192.168.1.9'],
  ['new.home.example', false, [], 'no address in DNS yet'],
  ['panel.home.example', false, [true], "the panel's own name"],
  ['taken.home.example', false, [true], 'belongs to media.home.example already'],
])('%s: ok %s, this machine %j', async (name, ok, here, words) => {
  const found = await check({ name })
  expect(found).toMatchObject({ ok, message: expect.stringContaining(words) })
  expect(found.addresses.map((a) => a.thisMachine)).toEqual(here)
})

test('a host does not stand in its own way', async () => {
  expect(await check({ name: 'taken.home.example', hostId: 'h_1' })).toMatchObject({
    ok: true,
    takenBy: null,
  })
  expect(await check({ name: 'taken.home.example', hostId: 'h_2' })).toMatchObject({
    takenBy: { hostId: 'h_1' },
  })
})

test('CF-01 what is no name is refused at its field, with the likely mistake', async () => {
  await expect(check({ name: 'home,example' })).rejects.toMatchObject({
    code: 'invalid',
    fields: [{ path: 'name', message: expect.stringContaining('Did you mean home.example?') }],
  })
})
