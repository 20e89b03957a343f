import type { Prisma } from '@pasar/prisma-products/client'
import { newId } from '@pasar/shared/ids'
import type { Reads, SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { KeptVariant, VariantFields } from '../domain/variant.ts'
import { availableSql } from './available.ts'
import type { Tx } from './database.ts'
import type { StockMode } from './units.ts'

/** A variant as it is kept, with what can be bought of it. */
export interface VariantRow extends KeptVariant {
  readonly id: string
  readonly productId: string
  readonly shopId: string
  readonly active: boolean
  readonly stockMode: StockMode
  readonly version: number
  readonly available: number
}

const columns = `v.id, v.product_id AS "productId", v.shop_id AS "shopId", v.sku, v.name, v.choice, v.picture_url AS "pictureUrl", v.picture_text AS "pictureText", v.price, v.weight_grams AS "weightGrams",
  v.length_mm AS "lengthMm", v.width_mm AS "widthMm", v.height_mm AS "heightMm", v.active,
  v.stock_mode AS "stockMode", v.version, ${availableSql('v.id')} AS available`

/** What a change of a variant is decided by. */
export type LockedVariant = Pick<
  VariantRow,
  'id' | 'productId' | 'shopId' | 'choice' | 'price' | 'active' | 'stockMode' | 'version'
>

/** A variant, locked for a change of the seller's; checkouts do not wait for it. */
export async function lockVariant(tx: SqlSeam, id: string): Promise<LockedVariant | undefined> {
  const sql = `SELECT id, product_id AS "productId", shop_id AS "shopId", choice, price, active, stock_mode AS "stockMode", version
    FROM variant WHERE id = $1 FOR NO KEY UPDATE`
  return (await tx.$queryRawUnsafe<LockedVariant[]>(sql, id))[0]
}

/** The variants of a product, locked as above in the order of their ids, so that nobody makes a bundle of them meanwhile. */
export async function lockVariantsOf(tx: SqlSeam, productId: string): Promise<string[]> {
  const sql = `SELECT id FROM variant WHERE product_id = $1 ORDER BY id FOR NO KEY UPDATE`
  return (await tx.$queryRawUnsafe<{ id: string }[]>(sql, productId)).map(({ id }) => id)
}

/** Counts a change of a locked variant. */
export const countChange = (tx: SqlSeam, id: string): Promise<number> =>
  tx.$executeRawUnsafe(`UPDATE variant SET version = version + 1 WHERE id = $1`, id)

/** Whether a product is on sale with no variant that is on. */
export async function isOnSaleBare(tx: SqlSeam, productId: string): Promise<boolean> {
  const sql = `SELECT EXISTS (SELECT FROM product WHERE id = $1 AND status = 'PUBLISHED')
    AND NOT EXISTS (SELECT FROM variant WHERE product_id = $1 AND active) AS bare`
  return (await tx.$queryRawUnsafe<{ bare: boolean }[]>(sql, productId))[0]!.bare
}

/** Variants by id. */
export const findVariants = (db: Reads, ids: readonly string[]): Promise<VariantRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM variant v WHERE v.id = ${anyOf('$1::text[]')}`, ids)

/** All variants of products, the oldest first. */
export const findVariantsOf = (db: Reads, productIds: readonly string[]): Promise<VariantRow[]> =>
  db.$queryRawUnsafe(
    `SELECT ${columns} FROM variant v WHERE v.product_id = ${anyOf('$1::text[]')} ORDER BY v.created_at, v.id`,
    productIds,
  )

/** The variant of a product that is a choice; of one that changes its own, another one. */
export async function findOfChoice(
  tx: SqlSeam,
  { productId, choice, id = '' }: Pick<VariantRow, 'productId' | 'choice'> & { readonly id?: string },
): Promise<string | undefined> {
  if (choice.length === 0) return undefined
  const sql = `SELECT id FROM variant WHERE product_id = $1 AND choice = $2::text[] AND choice <> '{}' AND id <> $3`
  return (await tx.$queryRawUnsafe<{ id: string }[]>(sql, productId, choice, id))[0]?.id
}

/** Calls locked variants by other values, each counted by its version. First they give up what they were: two may change places. */
export async function saveNames(tx: SqlSeam, names: readonly Pick<VariantRow, 'id' | 'name' | 'choice'>[]): Promise<void> {
  if (names.length === 0) return
  await tx.$executeRawUnsafe(
    `UPDATE variant SET choice = '{}' WHERE id = ANY($1::text[])`,
    names.map(({ id }) => id),
  )
  await tx.$executeRawUnsafe(
    `UPDATE variant v SET name = n.name, choice = n.choice, version = v.version + 1
     FROM jsonb_to_recordset($1::jsonb) AS n (id text, name text, choice text[]) WHERE v.id = n.id`,
    JSON.stringify(names),
  )
}

/** How many variants a product has. */
export const countVariantsOf = (tx: Tx, productId: string): Promise<number> => tx.variant.count({ where: { productId } })

/** How many other variants of its shop are taken by units. */
export const countOthersByUnits = (tx: Tx, { id, shopId }: Pick<VariantRow, 'id' | 'shopId'>): Promise<number> =>
  tx.variant.count({ where: { shopId, stockMode: 'UNITS' satisfies StockMode, id: { not: id } } })

/** Writes what its seller changes of a locked variant; each time is counted by its version. Fails where the shop has the SKU (isTaken). */
export const saveVariant = (tx: Tx, id: string, changes: Prisma.VariantUncheckedUpdateManyInput): Promise<unknown> =>
  tx.variant.updateMany({ where: { id }, data: { ...changes, version: { increment: 1 } } })

/** The product that new variants belong to, and when they are made. */
interface Owner {
  readonly id: string
  readonly shopId: string
  readonly createdAt: Date
}

/** Adds variants to a product: gives their ids, or a SKU that the shop has already or that two of them have. */
export async function addVariants(
  tx: Tx,
  { id: productId, shopId, createdAt }: Owner,
  variants: readonly VariantFields[],
): Promise<{ readonly ids: readonly string[] } | { readonly taken: string }> {
  const skus = variants.map(({ sku }) => sku)
  const twice = skus.find((sku, index) => skus.indexOf(sku) !== index)
  if (twice !== undefined) return { taken: twice }
  const ids = variants.map(() => newId('variant'))
  const rows = variants.map(({ choice, ...variant }, index) => ({
    ...variant,
    choice: [...choice],
    id: ids[index]!,
    productId,
    shopId,
    active: true,
    createdAt,
  }))
  const { count } = await tx.variant.createMany({ data: rows, skipDuplicates: true })
  if (count === rows.length) return { ids }
  const theirs = await tx.variant.findFirst({ where: { shopId, sku: { in: skus }, id: { notIn: ids } }, select: { sku: true } })
  return { taken: theirs?.sku ?? skus[0]! }
}
