import { idParser } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import { ifStale } from '@pasar/shared/subgraph/versions'
import { actsFor } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { optionally, said } from '../domain/input.ts'
import { lostParts, parseDescription, parsePictures, parseTitle, type ProductPart } from '../domain/product.ts'
import type { ChangeProductInput } from '../generated/resolvers.ts'
import { findCategories } from '../store/categories.ts'
import type { Tx } from '../store/database.ts'
import { touchListings } from '../store/listings.ts'
import { countParts, lockProduct, saveProduct, type ProductRow } from '../store/products.ts'

const parseChanges = (input: ChangeProductInput) =>
  said({
    categoryId: optionally(input.categoryId, (id) => idParser('category')(id, 'categoryId')),
    title: optionally(input.title, parseTitle),
    description: optionally(input.description, parseDescription),
    images: optionally(input.images, (images) => parsePictures(images).map((image) => ({ ...image }))),
  })

/** What a product on sale would lose of what it was put on sale with. */
async function lost(tx: Tx, product: ProductRow, changes: Partial<ProductRow>): Promise<readonly ProductPart[]> {
  if (product.status !== 'PUBLISHED') return []
  const before = { ...product, ...(await countParts(tx, product)) }
  return lostParts(before, { ...before, ...changes })
}

/** Changes what a product says of itself. */
export function changeProduct(ctx: ProductsContext, input: ChangeProductInput) {
  const productId = idParser('product')(input.productId, 'productId')
  const changes = parseChanges(input)
  const { transaction, clock } = ctx
  return runCommand(transaction, async (tx) => {
    const product = await lockProduct(tx, productId)
    if (!product || !actsFor(ctx.viewer, product.shopId)) return problem('ProductNotFound', { productId })
    const stale = ifStale('StaleProduct', product, input.expectedVersion)
    if (stale) return stale
    const { categoryId } = changes
    if (categoryId !== undefined && (await findCategories(tx, [categoryId])).length === 0)
      return problem('CategoryNotFound', { categoryId })
    const missing = await lost(tx, product, changes)
    if (missing.length > 0) return problem('ProductIncomplete', { missing })
    await saveProduct(tx, productId, changes)
    await touchListings(tx, clock, { productIds: [productId] })
    return { __typename: 'ChangeProductSuccess', productId } as const
  })
}
