import { runCommand } from '@pasar/shared/idempotency'
import type { ProductsContext } from '../context.ts'
import { lockForMove, moveTo, type MoveProductInput } from './move-product.ts'

/** Takes a product back to draft: off sale, or out of the archive. */
export const withdrawProduct = (ctx: ProductsContext, input: MoveProductInput) =>
  runCommand(ctx.deps.transaction, async (tx) => {
    const found = await lockForMove(ctx, tx, { input, to: 'DRAFT' })
    if (found.__typename !== 'MayMove') return found
    await moveTo(ctx, tx, { product: found.product, to: 'DRAFT' })
    return { __typename: 'WithdrawProductSuccess', productId: found.product.id } as const
  })
