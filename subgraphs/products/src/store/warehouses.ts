import type { Page } from '@pasar/shared/page'
import type { Reads } from '@pasar/shared/reads'
import type { WarehouseFields } from '../domain/warehouse.ts'
import { afterSql, cursorSql, orderSql, Values, type Order, type Placed } from './keyset.ts'

/** A warehouse as it is kept. */
export interface WarehouseRow extends WarehouseFields {
  readonly id: string
  readonly shopId: string
}

const columns = `w.id, w.shop_id AS "shopId", w.name, w.contact_name AS "contactName", w.phone, w.street,
  w.district_code AS "districtCode", w.regency_code AS "regencyCode", w.postal_code AS "postalCode"`

const oldestFirst: Order = {
  descending: false,
  columns: [
    { sql: 'w.created_at', kind: 'time' },
    { sql: 'w.id', kind: 'text' },
  ],
}

/** Warehouses by id. */
export const findWarehouses = (db: Reads, ids: readonly string[]): Promise<WarehouseRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM warehouse w WHERE w.id = ANY($1::text[])`, ids)

/** One page (and one row more) of the warehouses of each shop. */
export function listShopWarehouses(db: Reads, shopIds: readonly string[], page: Page): Promise<Placed<WarehouseRow>[]> {
  const values = new Values()
  const shops = values.add(shopIds, 'text[]')
  const rows = `SELECT ${columns}, ${cursorSql(oldestFirst)} FROM warehouse w
    WHERE w.shop_id = shop.id AND ${afterSql(oldestFirst, page.after, values)}
    ORDER BY ${orderSql(oldestFirst)} LIMIT ${values.add(page.first + 1, 'bigint')}`
  return db.$queryRawUnsafe(`SELECT row.* FROM unnest(${shops}) AS shop (id) CROSS JOIN LATERAL (${rows}) AS row`, ...values.list)
}

/** Variants that have stock in a warehouse: what its address is part of. */
export const findVariantIdsIn = async (db: Reads, warehouseId: string): Promise<string[]> => {
  const sql = `SELECT variant_id AS id FROM stock WHERE warehouse_id = $1`
  return (await db.$queryRawUnsafe<{ id: string }[]>(sql, warehouseId)).map(({ id }) => id)
}
