import { idParser } from '@pasar/shared/ids'
import { enqueue } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import { runAsAdmin } from '../admin.ts'
import { recordAct } from '../audit.ts'
import type { UsersContext } from '../context.ts'
import { parseReason } from '../domain/reason.ts'
import type { ReinstateUserInput } from '../generated/resolvers.ts'
import { findAccount, reinstateAccount } from '../store/accounts.ts'

export async function reinstateUser(ctx: UsersContext, input: ReinstateUserInput) {
  const { clock } = ctx
  const accountId = idParser('account')(input.userId, 'userId')
  const reason = parseReason(input.reason)
  return runAsAdmin(ctx, async (tx, actor) => {
    if (!(await findAccount(tx, accountId))) return problem('UserNotFound', { userId: accountId })
    if (await reinstateAccount(tx, accountId)) {
      await enqueue(tx, clock, { type: 'AccountReinstated', aggregateId: accountId, payload: { accountId } })
      await recordAct(tx, clock, { actor, action: 'user.reinstate', subjectId: accountId, reason })
    }
    return { __typename: 'ReinstateUserSuccess', accountId } as const
  })
}
