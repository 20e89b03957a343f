import type { ProductsContext } from '../context.ts'
import * as queries from '../queries.ts'
import type { MovementRow, StockRow } from '../store/stock.ts'
import type { WarehouseRow } from '../store/warehouses.ts'

const warehouseOf = ({ warehouseId }: { readonly warehouseId: string }, _: unknown, { loaders }: ProductsContext) =>
  loaders.warehouse.load(warehouseId)

/** Fields of the things that only a seller sees; who reaches them was checked where they were reached. */
export const stock = {
  Warehouse: {
    __resolveReference: ({ id }: { readonly id: string }, ctx: ProductsContext) => queries.findWarehouse(ctx, id),
    shop: ({ shopId }: WarehouseRow) => ({ __typename: 'Shop', id: shopId }),
  },
  WarehouseStock: {
    warehouse: warehouseOf,
    available: ({ onHand, reserved }: StockRow) => onHand - reserved,
  },
  StockMovement: {
    warehouse: (movement: MovementRow, args: unknown, ctx: ProductsContext) => warehouseOf(movement, args, ctx),
  },
}
