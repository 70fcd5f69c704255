import { groupList, invitationList, policyList, userList } from '@argos/contract'
import { meQuery, queryClient, refresh } from '../../api/query.ts'
import { toast } from '../../ui/Toast.tsx'

/** After a change of people or groups: every page shows it. Says so when the edge could not be told at once. */
export function settlePeople(atOnce = true): void {
  void refresh(userList, groupList, invitationList, policyList)
  void queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
  if (!atOnce) {
    toast('The edge does not answer. New requests are refused now; open pages of apps end within 30 s.', {
      state: 'warn',
    })
  }
}
