import type { PortalApp } from '@argos/contract'
import { expect, test } from 'vitest'
import { found, recent, shelves, titleOf } from './apps.ts'

const app = (name: string, tags: string[] = []): PortalApp => ({
  hostId: `h_${name}`,
  name,
  url: `https://${name}/`,
  tags,
  up: true,
  factor: false,
})
const names = (apps: readonly PortalApp[]) => apps.map(({ name }) => name)

test.each([
  ['photos.home.example', 'Photos'],
  ['home-assistant.example', 'Home assistant'],
  ['example', 'Example'],
])('%s is called %s', (name, title) => expect(titleOf(name)).toBe(title))

test('apps stand on shelves by their first tag, those without one last', () => {
  const apps = [app('a.x', ['media']), app('b.x'), app('c.x', ['files', 'media']), app('d.x', ['media'])]
  expect(shelves(apps).map(({ title, apps: inside }) => [title, names(inside)])).toEqual([
    ['Files', ['c.x']],
    ['Media', ['a.x', 'd.x']],
    ['Other apps', ['b.x']],
  ])
  expect(shelves([app('a.x')]).map(({ title }) => title)).toEqual(['All apps'])
  expect(shelves([])).toEqual([])
})

test('an app is found by parts of its name and its tags, all of which must fit', () => {
  const apps = [app('watch.home.example', ['media']), app('files.home.example')]
  expect(names(found(apps, 'MEDIA watch'))).toEqual(['watch.home.example'])
  expect(names(found(apps, 'home'))).toHaveLength(2)
  expect(found(apps, 'media files')).toEqual([])
})

test('the last four that were opened come first, without those that are no longer shared', () => {
  const apps = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => app(name))
  const openings = { h_a: 1, h_b: 5, h_c: 3, h_d: 4, h_e: 2, h_gone: 9 }
  expect(names(recent(apps, openings))).toEqual(['b', 'd', 'c', 'e'])
})
