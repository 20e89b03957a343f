import { idParser } from '@pasar/shared/ids'
import { enqueue } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import { refuseOwn } from '@pasar/shared/identity/viewer'
import { runAsAdmin } from '../admin.ts'
import { recordAct } from '../audit.ts'
import type { UsersContext } from '../context.ts'
import { parseReason } from '../domain/reason.ts'
import type { ReinstateShopInput } from '../generated/resolvers.ts'
import { isActedFor } from '../store/shop-members.ts'
import { findShops, reinstateShopRow } from '../store/shops.ts'

export async function reinstateShop(ctx: UsersContext, input: ReinstateShopInput) {
  const { clock } = ctx
  const shopId = idParser('shop')(input.shopId, 'shopId')
  const reason = parseReason(input.reason)
  return runAsAdmin(ctx, async (tx, actor) => {
    const [shop] = await findShops(tx, [shopId])
    if (!shop) return problem('ShopNotFound', { shopId })
    refuseOwn(await isActedFor(tx, actor.accountId, shopId))
    if (await reinstateShopRow(tx, shopId)) {
      await enqueue(tx, clock, { type: 'ShopReinstated', aggregateId: shopId, keys: [shop.ownerId], payload: { shopId } })
      await recordAct(tx, clock, { actor, action: 'shop.reinstate', subjectId: shopId, reason })
    }
    return { __typename: 'ReinstateShopSuccess', shopId } as const
  })
}
