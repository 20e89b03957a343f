import type { Picture } from '@pasar/shared/pictures'
import type { ReviewFields } from './review.ts'
import type { ProductOption } from './options.ts'
import type { KeptVariant } from './variant.ts'
import type { WarehouseFields } from './warehouse.ts'

/** A category as an import knows it; parents come before their children. */
export interface ImportedCategory {
  readonly id: string
  readonly parentId: string | null
  readonly name: string
  readonly englishName: string | null
}

/** A warehouse as an import knows it. */
export interface ImportedWarehouse extends WarehouseFields {
  readonly id: string
  readonly shopId: string
}

/** A variant of an imported product, with its stock by warehouse. */
export interface ImportedVariant extends Omit<KeptVariant, 'choice' | 'pictureUrl' | 'pictureText'> {
  readonly id: string
  /** Its value of each option of the product. */
  readonly choice?: readonly string[]
  readonly stock: readonly { readonly warehouseId: string; readonly onHand: number }[]
}

/** A product as an import knows it; it goes on sale at once. */
export interface ImportedProduct {
  readonly id: string
  readonly shopId: string
  readonly categoryId: string
  readonly title: string
  readonly description: string
  readonly images: readonly Picture[]
  readonly options?: readonly ProductOption[]
  readonly soldCount: number
  readonly createdAt: Date
  readonly variants: readonly ImportedVariant[]
}

/** A review as an import knows it. */
export interface ImportedReview extends ReviewFields {
  readonly id: string
  readonly productId: string
  readonly createdAt: Date
}

/** One batch of an import: about 200 products or reviews. Whatever a row refers to is in the same batch or an earlier one. */
export interface ImportBatch {
  readonly categories?: readonly ImportedCategory[]
  readonly warehouses?: readonly ImportedWarehouse[]
  readonly products?: readonly ImportedProduct[]
  readonly reviews?: readonly ImportedReview[]
}

/** How many rows of a kind were new, and how many were there already. */
export interface ImportCount {
  readonly inserted: number
  readonly unchanged: number
}

/** What an import did, by kind. */
export type ImportCounts = Readonly<Record<'categories' | 'warehouses' | 'products' | 'variants' | 'reviews', ImportCount>>

/** Distinct rows by id: a batch may name one thing twice, the first time counts. */
export const distinct = <T extends { readonly id: string }>(rows: readonly T[]): readonly T[] =>
  [...new Map(rows.toReversed().map((row) => [row.id, row])).values()].toReversed()

/** Parents before their children, level by level. */
export function levels(categories: readonly ImportedCategory[]): ImportedCategory[][] {
  const left = new Map(categories.map((category) => [category.id, category]))
  const found: ImportedCategory[][] = []
  while (left.size > 0) {
    const level = [...left.values()].filter(({ parentId }) => parentId === null || !left.has(parentId))
    if (level.length === 0) throw new Error('imported categories are each other’s parents')
    for (const { id } of level) left.delete(id)
    found.push(level)
  }
  return found
}

/** How many reviews gave one, two, … five stars, by product. */
export function starsByProduct(
  reviews: readonly ImportedReview[],
): { readonly productId: string; readonly counts: readonly number[] }[] {
  const stars = new Map<string, number[]>()
  for (const { productId, rating } of reviews) {
    const counts = stars.get(productId) ?? [0, 0, 0, 0, 0]
    counts[rating - 1]! += 1
    stars.set(productId, counts)
  }
  return [...stars].map(([productId, counts]) => ({ productId, counts }))
}
