import { idParser, newId } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import { actsFor } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { parseWarehouse, type RawWarehouse } from '../domain/warehouse.ts'
import { lockShop } from '../store/shop-states.ts'
import { addWarehouse, countWarehouses } from '../store/warehouses.ts'

/** A new warehouse as a client sends it. */
export type CreateWarehouseInput = RawWarehouse & { readonly shopId: string }

/** Adds a warehouse to a shop. */
export async function createWarehouse(ctx: ProductsContext, { shopId: rawShopId, ...raw }: CreateWarehouseInput) {
  const shopId = idParser('shop')(rawShopId, 'shopId')
  const fields = parseWarehouse(raw)
  if (!actsFor(ctx.viewer, shopId)) return problem('ShopNotYours', { shopId })
  const { transaction, clock } = ctx
  return runCommand(transaction, async (tx) => {
    await lockShop(tx, shopId)
    if ((await countWarehouses(tx, shopId)) >= bounds.warehousesMax)
      return problem('TooManyWarehouses', { most: bounds.warehousesMax })
    const warehouseId = newId('warehouse')
    await addWarehouse(tx, { id: warehouseId, shopId, ...fields, createdAt: clock.now() })
    return { __typename: 'CreateWarehouseSuccess', warehouseId } as const
  })
}
