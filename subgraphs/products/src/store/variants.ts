import type { SqlSeam } from '@pasar/shared/transaction'

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
  readonly available: number
}

const columns = `v.id, v.product_id AS "productId", v.shop_id AS "shopId", v.sku, v.name, v.price, v.weight_grams AS "weightGrams",
  v.length_mm AS "lengthMm", v.width_mm AS "widthMm", v.height_mm AS "heightMm", v.active,
  (SELECT coalesce(sum(on_hand - reserved), 0)::integer FROM stock WHERE variant_id = v.id) AS available`

/** Variants by id. */
export const findVariants = (db: SqlSeam, ids: readonly string[]): Promise<VariantRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM variant v WHERE v.id = ANY($1::text[])`, ids)

/** All variants of products, the oldest first. */
export const findVariantsOf = (db: SqlSeam, productIds: readonly string[]): Promise<VariantRow[]> =>
  db.$queryRawUnsafe(
    `SELECT ${columns} FROM variant v WHERE v.product_id = ANY($1::text[]) ORDER BY v.created_at, v.id`,
    productIds,
  )

/** A variant as the checkout freezes it. */
export interface SaleRow extends Omit<VariantRow, 'name' | 'available'> {
  readonly title: string
  readonly variantName: string
  readonly imageUrl: string | null
}

/** Those of the variants that are on sale: switched on, of a published product of a shop that is not suspended. */
export const findOnSale = (db: SqlSeam, ids: readonly string[]): Promise<SaleRow[]> =>
  db.$queryRawUnsafe(
    `SELECT v.id, v.product_id AS "productId", v.shop_id AS "shopId", p.title, v.name AS "variantName", v.sku, v.price,
       v.weight_grams AS "weightGrams", v.length_mm AS "lengthMm", v.width_mm AS "widthMm", v.height_mm AS "heightMm", v.active,
       p.images->0->>'url' AS "imageUrl"
     FROM variant v JOIN product p ON p.id = v.product_id
     WHERE v.id = ANY($1::text[]) AND v.active AND p.status = 'PUBLISHED' AND NOT p.shop_suspended`,
    ids,
  )
