import { idParser } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import { actsFor } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { parseWarehouseChanges, type RawWarehouseChanges } from '../domain/warehouse.ts'
import { movedFrom } from '../store/listings-moved.ts'
import { lockWarehouse, saveWarehouse } from '../store/warehouses.ts'

/** Changes of a warehouse as a client sends them. */
export type ChangeWarehouseInput = RawWarehouseChanges & { readonly warehouseId: string }

/** Changes a warehouse; when it moves to another regency, so do the listings that are sent from it, soon afterwards. */
export function changeWarehouse(ctx: ProductsContext, { warehouseId: rawId, ...raw }: ChangeWarehouseInput) {
  const warehouseId = idParser('warehouse')(rawId, 'warehouseId')
  const changes = parseWarehouseChanges(raw)
  return runCommand(ctx.transaction, async (tx) => {
    const before = await lockWarehouse(tx, warehouseId, 'NO KEY UPDATE')
    if (!before || !actsFor(ctx.viewer, before.shopId)) return problem('WarehouseNotFound', { warehouseId })
    const { shopId, regencyCode } = before
    await saveWarehouse(tx, warehouseId, changes)
    if ((changes.regencyCode ?? regencyCode) !== regencyCode) await movedFrom(tx, { warehouseId, shopId })
    return { __typename: 'ChangeWarehouseSuccess', warehouseId } as const
  })
}
