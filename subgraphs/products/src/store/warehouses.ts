import type { Prisma } from '@pasar/prisma-products/client'
import { listOfEach, type Order, type Placed } from '@pasar/shared/subgraph/keyset'
import type { Page } from '@pasar/shared/subgraph/page'
import type { Reads, SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { WarehouseFields } from '../domain/warehouse.ts'
import type { Tx } from './database.ts'

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
  db.$queryRawUnsafe(`SELECT ${columns} FROM warehouse w WHERE w.id = ${anyOf('$1::text[]')}`, ids)

/** One page (and one row more) of the warehouses of each shop. */
export const listShopWarehouses = (db: Reads, shopIds: readonly string[], page: Page): Promise<Placed<WarehouseRow>[]> =>
  listOfEach(db, shopIds, { columns, from: 'warehouse w', where: 'w.shop_id = owner.id', order: oldestFirst, page })

/** Keeps warehouses where they are, in the order of their ids, while stock is put there. */
export const keepWarehouses = (tx: SqlSeam, ids: readonly string[]): Promise<unknown> =>
  tx.$queryRawUnsafe(`SELECT id FROM warehouse WHERE id = ANY($1::text[]) ORDER BY id FOR SHARE`, ids)

/** What listings tell of a warehouse, locked: kept as it is while stock is put there, or for whoever changes it. */
export async function lockWarehouse(
  tx: SqlSeam,
  id: string,
  mode: 'SHARE' | 'NO KEY UPDATE',
): Promise<Pick<WarehouseRow, 'shopId' | 'regencyCode'> | undefined> {
  const sql = `SELECT shop_id AS "shopId", regency_code AS "regencyCode" FROM warehouse WHERE id = $1 FOR ${mode}`
  return (await tx.$queryRawUnsafe<Pick<WarehouseRow, 'shopId' | 'regencyCode'>[]>(sql, id))[0]
}

export const countWarehouses = (tx: Tx, shopId: string): Promise<number> => tx.warehouse.count({ where: { shopId } })

export const addWarehouse = (tx: Tx, warehouse: WarehouseRow & { readonly createdAt: Date }): Promise<unknown> =>
  tx.warehouse.createMany({ data: [warehouse] })

export const saveWarehouse = (tx: Tx, id: string, changes: Prisma.WarehouseUncheckedUpdateManyInput): Promise<unknown> =>
  tx.warehouse.updateMany({ where: { id }, data: changes })
