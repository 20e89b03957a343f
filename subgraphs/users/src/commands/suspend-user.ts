import { idParser } from '@pasar/shared/ids'
import { enqueue } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import { refuseOwn } from '@pasar/shared/identity/viewer'
import { runAsAdmin } from '../admin.ts'
import { recordAct } from '../audit.ts'
import type { UsersContext } from '../context.ts'
import { parseReason } from '../domain/reason.ts'
import type { SuspendUserInput } from '../generated/resolvers.ts'
import { endSessions } from '../sessions.ts'
import { holdAccount, suspendAccount } from '../store/accounts.ts'
import { helpsOwner } from '../store/shop-members.ts'
import { suspendShops } from './suspend-shop.ts'

export async function suspendUser(ctx: UsersContext, input: SuspendUserInput) {
  const { clock } = ctx
  const accountId = idParser('account')(input.userId, 'userId')
  const reason = parseReason(input.reason)
  return runAsAdmin(ctx, async (tx, actor) => {
    if (accountId === actor.accountId) return problem('OwnAccount', {})
    if (!(await holdAccount(tx, accountId))) return problem('UserNotFound', { userId: accountId })
    // All of its shops go with it.
    refuseOwn(await helpsOwner(tx, actor.accountId, accountId))
    if (await suspendAccount(tx, accountId, { at: clock.now(), reason })) {
      await endSessions(tx, clock, { accountId, reason: 'SUSPENDED' })
      await enqueue(tx, clock, { type: 'AccountSuspended', aggregateId: accountId, payload: { accountId } })
      await recordAct(tx, clock, { actor, action: 'user.suspend', subjectId: accountId, reason })
    }
    // Also of an account that was suspended before: a shop that nobody can serve must not sell.
    await suspendShops(tx, clock, { which: { ownerId: accountId }, actor, reason })
    return { __typename: 'SuspendUserSuccess', accountId } as const
  })
}
