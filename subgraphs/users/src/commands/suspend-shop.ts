import type { Clock } from '@pasar/shared/clock'
import { idParser } from '@pasar/shared/ids'
import { enqueueAll } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import { refuseOwn, type AccountViewer } from '@pasar/shared/identity/viewer'
import { runAsAdmin } from '../admin.ts'
import { recordActs } from '../audit.ts'
import type { UsersContext } from '../context.ts'
import { parseReason } from '../domain/reason.ts'
import type { SuspendShopInput } from '../generated/resolvers.ts'
import type { Tx } from '../store/database.ts'
import { isActedFor } from '../store/shop-members.ts'
import { findShops, suspendShopRows } from '../store/shops.ts'

/** Which shops an admin suspends, and why. */
interface Suspension {
  readonly which: { readonly id: string } | { readonly ownerId: string }
  readonly actor: AccountViewer
  readonly reason: string
}

/** Suspends a shop, or all of an owner, and tells the market of those that sold until now. */
export async function suspendShops(tx: Tx, clock: Clock, { which, actor, reason }: Suspension): Promise<void> {
  const shops = await suspendShopRows(tx, which, { at: clock.now(), reason })
  const told = shops.map(({ id, ownerId }) => ({ aggregateId: id, keys: [ownerId], payload: { shopId: id } }))
  await enqueueAll(
    tx,
    clock,
    told.map((event) => ({ type: 'ShopSuspended' as const, ...event })),
  )
  await recordActs(
    tx,
    clock,
    shops.map(({ id: subjectId }) => ({ actor, action: 'shop.suspend', subjectId, reason })),
  )
}

export async function suspendShop(ctx: UsersContext, input: SuspendShopInput) {
  const { clock } = ctx
  const shopId = idParser('shop')(input.shopId, 'shopId')
  const reason = parseReason(input.reason)
  return runAsAdmin(ctx, async (tx, actor) => {
    const [shop] = await findShops(tx, [shopId])
    if (!shop) return problem('ShopNotFound', { shopId })
    refuseOwn(await isActedFor(tx, actor.accountId, shopId))
    await suspendShops(tx, clock, { which: { id: shopId }, actor, reason })
    return { __typename: 'SuspendShopSuccess', shopId } as const
  })
}
