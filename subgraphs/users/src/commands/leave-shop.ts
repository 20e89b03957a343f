import { runCommand } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { NotSignedIn, problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/viewer'
import type { UsersContext } from '../context.ts'
import type { LeaveShopInput } from '../generated/resolvers.ts'
import { accessFor } from '../sessions.ts'
import { holdAccount } from '../store/accounts.ts'
import { sessionGoesOn } from '../store/sessions.ts'
import { removeMember } from '../store/shop-members.ts'

export async function leaveShop(ctx: UsersContext, input: LeaveShopInput) {
  const { accountId, sessionId } = requireAccount(ctx.viewer)
  const shopId = idParser('shop')(input.shopId, 'shopId')
  return runCommand(ctx.transaction, async (tx) => {
    if (!(await holdAccount(tx, accountId))) throw new NotSignedIn()
    if (!(await sessionGoesOn(tx, { id: sessionId, accountId, at: ctx.clock.now() }))) return problem('SessionEnded', {})
    if (!(await removeMember(tx, { shopId, accountId }))) return problem('ShopNotFound', { shopId })
    return { __typename: 'LeaveShopSuccess', accountId, access: await accessFor(ctx, tx, { accountId, sessionId }) } as const
  })
}
