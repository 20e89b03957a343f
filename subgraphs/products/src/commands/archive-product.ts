import { runCommand } from '@pasar/shared/idempotency'
import type { ProductsContext } from '../context.ts'
import { lockForMove, moveTo, type MoveProductInput } from './move-product.ts'

/** Takes a product off sale and keeps it. */
export const archiveProduct = (ctx: ProductsContext, input: MoveProductInput) =>
  runCommand(ctx.deps.transaction, async (tx) => {
    const found = await lockForMove(ctx, tx, { input, to: 'ARCHIVED' })
    if (found.__typename !== 'MayMove') return found
    await moveTo(ctx, tx, { product: found.product, to: 'ARCHIVED' })
    return { __typename: 'ArchiveProductSuccess', productId: found.product.id } as const
  })
