import type { Role } from '@argos/contract'
import { OptionCards } from '../../ui/Choice.tsx'

/** What somebody may. */
export const RoleCards = ({ value, onChange }: { value: Role; onChange: (role: Role) => void }) => (
  <div className="field">
    <span className="lbl">Role</span>
    <OptionCards
      label="Role"
      value={value}
      onChange={onChange}
      options={[
        {
          value: 'member',
          title: 'Member',
          hint: 'Opens the apps that policies let them into, and sees a page that lists those.',
        },
        {
          value: 'admin',
          title: 'Administrator',
          hint: 'Changes everything here: hosts, policies and people.',
        },
      ]}
    />
  </div>
)
