import { describe, expect, test } from 'vitest'
import { aHost, everything, formOf, noor } from '../hosts/testing.ts'
import { newest, two } from './testing.ts'

describe('while a change waits to be kept', () => {
  const waiting = async () => {
    const t = await two()
    const { saved } = await t.hosts.remove(noor, t.host.id, 60)
    expect(saved).toMatchObject({ live: false, pending: expect.any(String) })
    return t
  }
  test('F32 what it needs to go back is not touched, and everything else is saved', async () => {
    const t = await waiting()
    const before = await everything(t.db)
    // Its name and its pool's place are free, but not to take.
    await expect(t.hosts.create(noor, aHost())).rejects.toMatchObject({
      code: 'pending_change',
      message: 'media.home.example belongs to a change that waits to be kept. Keep it or put it back first.',
    })
    expect(await everything(t.db)).toBe(before)
    const { saved } = await t.hosts.update(noor, t.other.id, { ...formOf(t.other), note: 'x' })
    expect(saved.pending).toBe(null)
  })
  test("the panel's former name is not taken, as it may come back", async () => {
    const t = await two()
    const { settings, version } = await t.settings.view()
    const named = { ...settings, panelDomain: 'panel.home.example' }
    await t.settings.update(noor, { settings: named, version })
    const moved = { ...settings, panelDomain: 'argos.home.example' }
    await t.settings.update(noor, { settings: moved, version: version + 1 }, 60)
    await expect(t.hosts.create(noor, aHost({ domains: ['panel.home.example'] }))).rejects.toMatchObject({
      code: 'pending_change',
    })
  })
  test('a second one is refused, and the first one is not undone', async () => {
    const t = await waiting()
    await expect(t.hosts.remove(noor, t.other.id, 60)).rejects.toMatchObject({ code: 'pending_change' })
    expect((await t.hosts.view(t.other.id)).id).toBe(t.other.id)
    const { generation } = await newest(t)
    await expect(t.changes.undo(noor, generation)).rejects.toMatchObject({ code: 'pending_change' })
  })
  test('a preview of something that overlaps says what is in its way', async () => {
    const t = await waiting()
    const preview = await t.previews.of({ kind: 'hostCreate', host: aHost() })
    expect(preview.blocked).toBe(
      'media.home.example belongs to a change that waits to be kept. Keep it or put it back first.',
    )
  })
})
