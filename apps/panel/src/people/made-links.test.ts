import {
  invitationAccept,
  invitationCreate,
  resetFinish,
  userDelete,
  userDisable,
  userResetLink,
  userRole,
  userUpdate,
} from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { clientOf, throughEdge } from '../testing.ts'
import { asking, password, peopleBench } from './testing.ts'

/** An administrator, with an invitation and a link to set another's password in their pocket. */
async function bench() {
  const made = await peopleBench()
  const id = await made.user('mallory', { role: 'admin' })
  const cora = await made.user('cora')
  const mallory = await made.signedIn('mallory')
  const invited = await mallory.ask(invitationCreate, { body: { role: 'admin' } })
  const reset = await mallory.ask(userResetLink, { params: { id: cora } })
  const stranger = asking(clientOf(made.app, { ...throughEdge, 'x-argos-client': '198.51.100.7' }))
  const { token } = invited.json<{ link: { token: string } }>().link
  return {
    ...made,
    id,
    accepts: async () =>
      (await stranger(invitationAccept, { body: { token, username: 'mallory-2', password } })).statusCode,
    resets: async () =>
      (await stranger(resetFinish, { body: { token: reset.json<{ token: string }>().token, password } }))
        .statusCode,
  }
}

describe('links that an administrator made end with what they may', () => {
  test.each([
    ['made a member', (ask, id) => ask(userRole, { params: { id }, body: { role: 'member' } })],
    ['disabled', (ask, id) => ask(userDisable, { params: { id } })],
    ['deleted', (ask, id) => ask(userDelete, { params: { id } })],
  ] as [string, (ask: ReturnType<typeof asking>, id: string) => Promise<unknown>][])(
    'when they are %s, under a new name too',
    async (_, act) => {
      const { ask, id, accepts, resets, trail } = await bench()
      await ask(userUpdate, { params: { id }, body: { username: 'mallory-the-same' } })
      await act(ask, id)
      expect([await accepts(), await resets()]).toEqual([403, 403])
      expect((await trail()).map(({ words }) => words)).toContainEqual(
        expect.stringMatching(/; 2 open links they had made ended$/),
      )
    },
  )

  test('and not before', async () => {
    const { accepts, resets } = await bench()
    expect([await accepts(), await resets()]).toEqual([201, 200])
  })
})
