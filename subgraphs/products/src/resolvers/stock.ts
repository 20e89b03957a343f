import { findDistrict } from '@pasar/shared/regions'
import type { ProductsContext } from '../context.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import * as queries from '../queries.ts'

const warehouseOf = async ({ warehouseId }: { readonly warehouseId: string }, _: unknown, { loaders }: ProductsContext) =>
  (await loaders.warehouse.load(warehouseId))!

/** Fields of the things that only a seller sees; who reaches them was checked where they were reached. */
export const stock = {
  Warehouse: {
    __resolveReference: ({ id }, ctx) => queries.findWarehouse(ctx, id),
    shop: ({ shopId }) => ({ id: shopId }),
    district: ({ districtCode }) => findDistrict(districtCode) ?? null,
  },
  WarehouseStock: {
    warehouse: warehouseOf,
    available: ({ onHand, reserved }) => onHand - reserved,
  },
  StockMovement: { warehouse: warehouseOf },
} satisfies Resolvers
