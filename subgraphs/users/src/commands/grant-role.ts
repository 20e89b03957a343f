import { runCommand } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/viewer'
import { recordAct } from '../audit.ts'
import type { UsersContext } from '../context.ts'
import { parseReason } from '../domain/reason.ts'
import { parseStaffRole } from '../domain/roles.ts'
import type { GrantRoleInput } from '../generated/resolvers.ts'
import { addRole, findAccount } from '../store/accounts.ts'

export async function grantRole({ viewer, transaction, clock }: UsersContext, input: GrantRoleInput) {
  const actor = requireAccount(viewer)
  const accountId = idParser('account')(input.userId, 'userId')
  const role = parseStaffRole(input.role)
  const reason = parseReason(input.reason)
  return runCommand(transaction, async (tx) => {
    if (!(await findAccount(tx, accountId))) return problem('UserNotFound', { userId: accountId })
    if (await addRole(tx, accountId, role))
      await recordAct(tx, clock, { actor, action: `role.grant.${role}`, subjectId: accountId, reason })
    return { __typename: 'GrantRoleSuccess', accountId } as const
  })
}
