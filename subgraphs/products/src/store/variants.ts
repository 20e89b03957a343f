import type { SqlSeam } from '@pasar/shared/transaction'
import { availableSql } from './available.ts'
import type { StockMode } from './units.ts'

/** A variant as it is kept, with what can be bought of it. */
export interface VariantRow {
  readonly id: string
  readonly productId: string
  readonly shopId: string
  readonly sku: string
  readonly name: string
  readonly price: bigint
  readonly weightGrams: number
  readonly lengthMm: number
  readonly widthMm: number
  readonly heightMm: number
  readonly active: boolean
  readonly stockMode: StockMode
  readonly available: number
}

const columns = `v.id, v.product_id AS "productId", v.shop_id AS "shopId", v.sku, v.name, v.price, v.weight_grams AS "weightGrams",
  v.length_mm AS "lengthMm", v.width_mm AS "widthMm", v.height_mm AS "heightMm", v.active,
  v.stock_mode AS "stockMode", ${availableSql('v.id')} AS available`

/** Variants by id. */
export const findVariants = (db: SqlSeam, ids: readonly string[]): Promise<VariantRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM variant v WHERE v.id = ANY($1::text[])`, ids)

/** All variants of products, the oldest first. */
export const findVariantsOf = (db: SqlSeam, productIds: readonly string[]): Promise<VariantRow[]> =>
  db.$queryRawUnsafe(
    `SELECT ${columns} FROM variant v WHERE v.product_id = ANY($1::text[]) ORDER BY v.created_at, v.id`,
    productIds,
  )
