import { runCommand } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import type { WithdrawShopInvitationInput } from '../generated/resolvers.ts'
import { withdrawInvitation } from '../store/shop-members.ts'

export async function withdrawShopInvitation({ viewer, transaction }: UsersContext, input: WithdrawShopInvitationInput) {
  const { accountId: ownerId } = requireAccount(viewer)
  const invitationId = idParser('invitation')(input.invitationId, 'invitationId')
  return runCommand(transaction, async (tx) => {
    const shopId = await withdrawInvitation(tx, invitationId, ownerId)
    if (shopId === undefined) return problem('ShopInvitationNotFound', { invitationId })
    return { __typename: 'WithdrawShopInvitationSuccess', shopId } as const
  })
}
