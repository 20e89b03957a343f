import { enqueue } from '@pasar/shared/events/outbox'
import { runCommand } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import type { LeaveShopInput } from '../generated/resolvers.ts'
import { accessFor, holdSession, rightsChanged } from '../sessions.ts'
import { removeMember } from '../store/shop-members.ts'

export async function leaveShop(ctx: UsersContext, input: LeaveShopInput) {
  const viewer = requireAccount(ctx.viewer)
  const { accountId, sessionId } = viewer
  const shopId = idParser('shop')(input.shopId, 'shopId')
  return runCommand(ctx.transaction, async (tx) => {
    if (!(await holdSession(tx, ctx.clock, viewer))) return problem('SessionEnded', {})
    if (!(await removeMember(tx, { shopId, accountId }))) return problem('ShopNotFound', { shopId })
    await enqueue(tx, ctx.clock, rightsChanged(accountId))
    return { __typename: 'LeaveShopSuccess', accountId, access: await accessFor(ctx, tx, { accountId, sessionId }) } as const
  })
}
