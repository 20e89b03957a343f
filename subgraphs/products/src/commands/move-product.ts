import { runCommand } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { ifStale } from '@pasar/shared/subgraph/versions'
import { actsFor } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { productMoves, statesBefore, type ProductStatus } from '../domain/product.ts'
import type { Tx } from '../store/database.ts'
import { touchListings } from '../store/listings.ts'
import { lockProduct, saveProduct, type ProductRow } from '../store/products.ts'

/** Which product, as a client sends it. */
export interface MoveProductInput {
  readonly productId: string
  readonly expectedVersion?: number | null
}

/** A move of a product by its seller. */
interface ProductMove<T extends string, R extends object> {
  readonly to: ProductStatus
  readonly success: T
  /** Why a product that may go there does not, if it does not. */
  readonly refuse?: (tx: Tx, product: ProductRow) => Promise<R | undefined>
}

/** Brings a product of the viewer to another state and tells everyone. */
export function moveProduct<T extends string, R extends object = never>(
  { viewer, transaction, clock }: ProductsContext,
  input: MoveProductInput,
  { to, success, refuse }: ProductMove<T, R>,
) {
  const productId = idParser('product')(input.productId, 'productId')
  return runCommand(transaction, async (tx) => {
    const product = await lockProduct(tx, productId)
    if (!product || !actsFor(viewer, product.shopId)) return problem('ProductNotFound', { productId })
    const stale = ifStale('StaleProduct', product, input.expectedVersion)
    if (stale) return stale
    if (product.status === 'TAKEN_DOWN') return problem('ProductTakenDown', { reason: product.takenDownReason! })
    if (!statesBefore(to).includes(product.status))
      return problem('IllegalProductMove', { status: product.status, allowed: productMoves[product.status] })
    const refused = await refuse?.(tx, product)
    if (refused) return refused
    const publishedAt = to === 'PUBLISHED' && product.publishedAt === null ? { publishedAt: clock.now() } : {}
    await saveProduct(tx, productId, { status: to, ...publishedAt })
    await touchListings(tx, clock, { productIds: [productId] })
    return { __typename: success, productId }
  })
}
