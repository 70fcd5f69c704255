import { type User, userEnable } from '@argos/contract'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { calledAs } from '../../components/people.ts'
import { toast } from '../../ui/Toast.tsx'
import type { UserAct } from './act.ts'
import { settlePeople } from './settle.ts'
import { UserActDialog } from './UserActDialog.tsx'

/** What can be done with an account, each after a word on what it does. Letting somebody in again needs none. */
export function useUserActions() {
  const [asked, setAsked] = useState<{ act: UserAct; user: User } | null>(null)
  const enable = async (user: User) => {
    const { atOnce } = await call(userEnable, { params: { id: user.id } })
    settlePeople(atOnce)
    toast(`${calledAs(user)} can sign in again`)
  }
  return {
    ask: (act: UserAct, user: User) => setAsked({ act, user }),
    enable: (user: User) =>
      void enable(user).catch((error: unknown) =>
        toast(error instanceof Error ? error.message : 'Nothing has changed.', { state: 'bad' }),
      ),
    dialog:
      asked === null ? null : (
        <UserActDialog
          key={`${asked.act} ${asked.user.id}`}
          act={asked.act}
          user={asked.user}
          onClose={() => setAsked(null)}
        />
      ),
  }
}
