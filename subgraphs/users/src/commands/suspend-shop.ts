import { idParser } from '@pasar/shared/ids'
import { enqueue } from '@pasar/shared/outbox'
import { problem } from '@pasar/shared/problems'
import { runAsAdmin } from '../admin.ts'
import { recordAct } from '../audit.ts'
import type { UsersContext } from '../context.ts'
import { parseReason } from '../domain/reason.ts'
import type { SuspendShopInput } from '../generated/resolvers.ts'
import { findShops, suspendShopRow } from '../store/shops.ts'

export async function suspendShop(ctx: UsersContext, input: SuspendShopInput) {
  const { clock } = ctx
  const shopId = idParser('shop')(input.shopId, 'shopId')
  const reason = parseReason(input.reason)
  return runAsAdmin(ctx, async (tx, actor) => {
    const [shop] = await findShops(tx, [shopId])
    if (!shop) return problem('ShopNotFound', { shopId })
    if (await suspendShopRow(tx, shopId, { at: clock.now(), reason })) {
      await enqueue(tx, clock, { type: 'ShopSuspended', aggregateId: shopId, keys: [shop.ownerId], payload: { shopId } })
      await recordAct(tx, clock, { actor, action: 'shop.suspend', subjectId: shopId, reason })
    }
    return { __typename: 'SuspendShopSuccess', shopId } as const
  })
}
