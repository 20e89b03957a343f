import { idParser } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import { ownShopIds, type ProductsContext } from '../context.ts'
import { parseWarehouseChanges, type RawWarehouseChanges } from '../domain/warehouse.ts'
import { touchListings } from '../store/listings.ts'
import { findVariantIdsIn } from '../store/warehouses.ts'

/** Changes of a warehouse as a client sends them. */
export type ChangeWarehouseInput = RawWarehouseChanges & { readonly warehouseId: string }

/** Changes a warehouse; when it moves to another regency, so do the listings that are sent from it. */
export function changeWarehouse(ctx: ProductsContext, { warehouseId: rawId, ...raw }: ChangeWarehouseInput) {
  const warehouseId = idParser('warehouse')(rawId, 'warehouseId')
  const changes = parseWarehouseChanges(raw)
  const { transaction, clock } = ctx.deps
  return runCommand(transaction, async (tx) => {
    const mine = { id: warehouseId, shopId: { in: [...ownShopIds(ctx)] } }
    const { count } = await tx.warehouse.updateMany({ where: mine, data: changes })
    if (count === 0) return problem('WarehouseNotFound', { warehouseId })
    if (changes.regencyCode !== undefined) await touchListings(tx, clock, { variantIds: await findVariantIdsIn(tx, warehouseId) })
    return { __typename: 'ChangeWarehouseSuccess', warehouseId } as const
  })
}
