import { disable, disable2fa, enable, remove, resetPassword, signOut } from '../user/change.ts'
import { create } from '../user/create.ts'
import { list } from '../user/read.ts'
import { group } from '../verb.ts'

export default group({
  summary: 'List, make and change accounts',
  details:
    'NAME is what they sign in with, or the id of the account. It goes through the running panel, and is so at once.',
  actions: {
    list,
    create,
    disable,
    enable,
    delete: remove,
    'reset-password': resetPassword,
    'disable-2fa': disable2fa,
    'sign-out': signOut,
  },
})
