import { runCommand } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import type { RemoveShopMemberInput } from '../generated/resolvers.ts'
import { endSessions } from '../sessions.ts'
import { holdAccount } from '../store/accounts.ts'
import { holdOwnShop, removeMember } from '../store/shop-members.ts'

/** The member's sessions end: what their tokens allow would go on for as long as they live, and open connections for ever. */
export async function removeShopMember({ viewer, transaction, clock }: UsersContext, input: RemoveShopMemberInput) {
  const { accountId: ownerId } = requireAccount(viewer)
  const shopId = idParser('shop')(input.shopId, 'shopId')
  const accountId = idParser('account')(input.accountId, 'accountId')
  return runCommand(transaction, async (tx) => {
    // Before the shop, as whoever joins does it; a sign-in under way has to end first, so that its session is seen.
    await holdAccount(tx, accountId)
    if (!(await holdOwnShop(tx, shopId, ownerId))) return problem('ShopNotFound', { shopId })
    if (!(await removeMember(tx, { shopId, accountId }))) return problem('ShopMemberNotFound', { accountId })
    await endSessions(tx, clock, { accountId, reason: 'MEMBER_REMOVED' })
    return { __typename: 'RemoveShopMemberSuccess', shopId } as const
  })
}
