import { type Link, type User, userDelete, userDisable, userResetLink, userSignOut } from '@argos/contract'
import { call } from '../../api/call.ts'
import { calledAs } from '../../components/people.ts'
import { toast } from '../../ui/Toast.tsx'
import { settlePeople } from './settle.ts'

export type UserAct = 'disable' | 'delete' | 'sign-out' | 'reset'

/** Does it, and says it. Answers the link when there is one. */
export async function actOn(act: UserAct, user: User): Promise<Link | null> {
  const params = { id: user.id }
  const name = calledAs(user)
  switch (act) {
    case 'disable': {
      const { atOnce } = await call(userDisable, { params })
      settlePeople(atOnce)
      toast(`${name} is let in no more`)
      return null
    }
    case 'delete': {
      const { atOnce } = await call(userDelete, { params })
      settlePeople(atOnce)
      toast(`Deleted ${name}`)
      return null
    }
    case 'sign-out': {
      const { ended, atOnce } = await call(userSignOut, { params })
      settlePeople(atOnce)
      toast(ended === 0 ? `${name} was signed in nowhere` : `${name} is signed out everywhere`)
      return null
    }
    case 'reset':
      return await call(userResetLink, { params })
  }
}
