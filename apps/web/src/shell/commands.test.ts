import { describe, expect, test } from 'vitest'
import { aHost } from '../../test/a-host.ts'
import { commandsFor, marked } from './commands.ts'

const photos = aHost()
const files = aHost({
  id: 'files',
  domains: ['files.home.example'],
  poolName: 'photostore',
  enabled: false,
  state: { edge: 'off' },
})
const ids = (typed: string) => commandsFor(typed, [files, photos]).map((c) => c.id)

describe('the palette', () => {
  test('offers hosts, what can be done with the best of them, then pages', () => {
    expect(ids('pho')).toEqual(['h_photos', 'files', 'pause', 'routing', 'access'])
    expect(ids('files')).toEqual(['files', 'resume', 'routing', 'access'])
    expect(ids('audit')).toEqual(['audit'])
  })

  test('a pasted address finds its host', () => {
    expect(ids('https://photos.home.example/albums?x=1')[0]).toBe('h_photos')
    expect(ids('192.0.2.31:2283')).toContain('h_photos')
  })

  test('shows pages and troubled hosts before anything is typed', () => {
    const troubled = aHost({ id: 'bad', state: { upstream: 'down' } })
    const [first, ...rest] = commandsFor('', [photos, troubled])
    expect(first?.id).toBe('bad')
    expect(rest.map((c) => c.id)).toEqual(expect.arrayContaining(['new', 'overview', 'settings']))
    expect(rest.map((c) => c.id)).not.toContain('h_photos')
  })

  test('marks where it matched', () => {
    expect(marked('photos.home.example', 'TOS')).toEqual([
      { text: 'pho', hit: false },
      { text: 'tos', hit: true },
      { text: '.home.example', hit: false },
    ])
    expect(marked('photos', 'zzz')).toEqual([{ text: 'photos', hit: false }])
  })
})
