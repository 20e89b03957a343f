import type { Prisma } from '@pasar/prisma-products/client'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { Tx } from './database.ts'

/** The rows whose id is not there yet. */
export async function findMissing<T extends { readonly id: string }>(
  tx: Tx,
  table: 'category' | 'product' | 'review',
  rows: readonly T[],
): Promise<readonly T[]> {
  const ids = rows.map(({ id }) => id)
  const there = await tx.$queryRawUnsafe<{ id: string }[]>(`SELECT id FROM ${table} WHERE id = ${anyOf('$1::text[]')}`, ids)
  const known = new Set(there.map(({ id }) => id))
  return rows.filter(({ id }) => !known.has(id))
}

export const addCategories = (tx: Tx, data: Prisma.CategoryCreateManyInput[]): Promise<unknown> =>
  tx.category.createMany({ data })

/** Gives how many were not there. */
export const addWarehouses = async (tx: Tx, data: Prisma.WarehouseCreateManyInput[]): Promise<number> =>
  (await tx.warehouse.createMany({ data, skipDuplicates: true })).count

export const addProducts = (tx: Tx, data: Prisma.ProductCreateManyInput[]): Promise<unknown> => tx.product.createMany({ data })

export const addVariantRows = (tx: Tx, data: Prisma.VariantCreateManyInput[]): Promise<unknown> => tx.variant.createMany({ data })

export const addStock = (tx: Tx, data: Prisma.StockCreateManyInput[]): Promise<unknown> => tx.stock.createMany({ data })

export const addReviews = (tx: Tx, reviews: readonly Prisma.ReviewCreateManyInput[]): Promise<unknown> =>
  tx.review.createMany({ data: [...reviews] })
