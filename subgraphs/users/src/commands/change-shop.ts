import { runCommand } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { enqueue } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import { parseShopProfile } from '../domain/shop.ts'
import type { ChangeShopInput } from '../generated/resolvers.ts'
import { findShops, updateShop } from '../store/shops.ts'

export async function changeShop(
  { viewer, transaction, clock }: UsersContext,
  { shopId, expectedVersion, ...raw }: ChangeShopInput,
) {
  const { accountId: ownerId } = requireAccount(viewer)
  const id = idParser('shop')(shopId, 'shopId')
  const change = parseShopProfile(raw)
  if ('code' in change) return change
  return runCommand(transaction, async (tx) => {
    const shop = await updateShop(tx, { id, ownerId, version: expectedVersion ?? undefined }, change)
    if (!shop) {
      const [known] = await findShops(tx, [id])
      return known?.ownerId === ownerId
        ? problem('StaleShop', { version: known.version, shopId })
        : problem('ShopNotFound', { shopId })
    }
    const { name, regencyCode } = shop
    await enqueue(tx, clock, {
      type: 'ShopChanged',
      aggregateId: shopId,
      keys: [ownerId],
      payload: { shopId, ownerId, name, regencyCode },
    })
    return { __typename: 'ChangeShopSuccess', shopId } as const
  })
}
