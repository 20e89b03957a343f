import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { ifStale } from '@pasar/shared/versions'
import { actsFor } from '@pasar/shared/viewer'
import type { ProductsContext } from '../context.ts'
import { productMoves, statesBefore, type ProductStatus } from '../domain/product.ts'
import type { Tx } from '../store/database.ts'
import { touchListings } from '../store/listings.ts'
import { lockProduct, type ProductRow } from '../store/products.ts'

/** Which product, as a client sends it. */
export interface MoveProductInput {
  readonly productId: string
  readonly expectedVersion?: number | null
}

/** Finds and locks a product of the viewer that may go to another state. */
export async function lockForMove(
  ctx: ProductsContext,
  tx: Tx,
  { input, to }: { readonly input: MoveProductInput; readonly to: ProductStatus },
) {
  const productId = idParser('product')(input.productId, 'productId')
  const product = await lockProduct(tx, productId)
  if (!product || !actsFor(ctx.viewer, product.shopId)) return problem('ProductNotFound', { productId })
  const stale = ifStale('StaleProduct', product, input.expectedVersion)
  if (stale) return stale
  if (product.status === 'TAKEN_DOWN') return problem('ProductTakenDown', { reason: product.takenDownReason! })
  if (!statesBefore(to).includes(product.status))
    return problem('IllegalProductMove', { status: product.status, allowed: productMoves[product.status] })
  return { __typename: 'MayMove', product } as const
}

/** Brings a locked product to another state and tells everyone. */
export async function moveTo(
  { deps: { clock } }: ProductsContext,
  tx: Tx,
  { product, to }: { readonly product: ProductRow; readonly to: ProductStatus },
) {
  const publishedAt = to === 'PUBLISHED' && product.publishedAt === null ? { publishedAt: clock.now() } : {}
  await tx.product.updateMany({ where: { id: product.id }, data: { status: to, version: { increment: 1 }, ...publishedAt } })
  await touchListings(tx, clock, { productIds: [product.id] })
}
