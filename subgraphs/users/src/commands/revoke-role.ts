import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { runAsAdmin } from '../admin.ts'
import { recordAct } from '../audit.ts'
import type { UsersContext } from '../context.ts'
import { parseReason } from '../domain/reason.ts'
import { parseStaffRole } from '../domain/roles.ts'
import type { RevokeRoleInput } from '../generated/resolvers.ts'
import { endSessions } from '../sessions.ts'
import { findAccount, removeRole } from '../store/accounts.ts'

export async function revokeRole(ctx: UsersContext, input: RevokeRoleInput) {
  const { clock } = ctx
  const accountId = idParser('account')(input.userId, 'userId')
  const role = parseStaffRole(input.role)
  const reason = parseReason(input.reason)
  return runAsAdmin(ctx, async (tx, actor) => {
    // Or the market could be left without an admin.
    if (accountId === actor.accountId) return problem('OwnAccount', {})
    if (!(await findAccount(tx, accountId))) return problem('UserNotFound', { userId: accountId })
    if (await removeRole(tx, accountId, role)) {
      await endSessions(tx, clock, { accountId, reason: 'ROLE_REVOKED' })
      await recordAct(tx, clock, { actor, action: `role.revoke.${role}`, subjectId: accountId, reason })
    }
    return { __typename: 'RevokeRoleSuccess', accountId } as const
  })
}
