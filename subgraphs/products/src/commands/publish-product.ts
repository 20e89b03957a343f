import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import type { ProductsContext } from '../context.ts'
import { missingParts } from '../domain/product.ts'
import { countParts } from '../store/products.ts'
import { lockForMove, moveTo, type MoveProductInput } from './move-product.ts'

/** Puts a draft on sale, if it has all that buyers need. */
export const publishProduct = (ctx: ProductsContext, input: MoveProductInput) =>
  runCommand(ctx.deps.transaction, async (tx) => {
    const found = await lockForMove(ctx, tx, { input, to: 'PUBLISHED' })
    if (found.__typename !== 'MayMove') return found
    const missing = missingParts({ ...found.product, ...(await countParts(tx, found.product)) })
    if (missing.length > 0) return problem('ProductIncomplete', { missing })
    await moveTo(ctx, tx, { product: found.product, to: 'PUBLISHED' })
    return { __typename: 'PublishProductSuccess', productId: found.product.id } as const
  })
