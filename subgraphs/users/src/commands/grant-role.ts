import { enqueue } from '@pasar/shared/events/outbox'
import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { runAsAdmin } from '../admin.ts'
import { recordAct } from '../audit.ts'
import type { UsersContext } from '../context.ts'
import { parseReason } from '../domain/reason.ts'
import { parseStaffRole } from '../domain/roles.ts'
import type { GrantRoleInput } from '../generated/resolvers.ts'
import { rightsChanged } from '../sessions.ts'
import { addRole, holdAccount, owesProof } from '../store/accounts.ts'

export async function grantRole(ctx: UsersContext, input: GrantRoleInput) {
  const { clock } = ctx
  const accountId = idParser('account')(input.userId, 'userId')
  const role = parseStaffRole(input.role)
  const reason = parseReason(input.reason)
  return runAsAdmin(ctx, async (tx, actor) => {
    if (!(await holdAccount(tx, accountId))) return problem('UserNotFound', { userId: accountId })
    // Admins know whom they mean by the address.
    if (await owesProof(tx, accountId)) return problem('EmailNotVerified', {})
    if (await addRole(tx, accountId, role)) {
      await enqueue(tx, clock, rightsChanged(accountId))
      await recordAct(tx, clock, { actor, action: `role.grant.${role}`, subjectId: accountId, reason })
    }
    return { __typename: 'GrantRoleSuccess', accountId } as const
  })
}
