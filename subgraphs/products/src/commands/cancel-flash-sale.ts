import { idParser } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import { actsFor } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { endFlashSales, findFlashSales } from '../store/flash-sales.ts'
import { touchListings } from '../store/listings.ts'

/** Which flash sale, as a client sends it. */
export interface CancelFlashSaleInput {
  readonly flashSaleId: string
}

/** Calls a flash sale off; one that runs ends at once. Called off already, it stays so. */
export function cancelFlashSale(ctx: ProductsContext, input: CancelFlashSaleInput) {
  const flashSaleId = idParser('flashSale')(input.flashSaleId, 'flashSaleId')
  const { transaction, clock } = ctx
  return runCommand(transaction, async (tx) => {
    const [before] = await findFlashSales(tx, [flashSaleId])
    if (!before || !actsFor(ctx.viewer, before.shopId)) return problem('FlashSaleNotFound', { flashSaleId })
    const variantIds = await endFlashSales(tx, [flashSaleId], 'CANCELLED')
    // Whoever ended it meanwhile held its variant until then.
    const [after] = await findFlashSales(tx, [flashSaleId])
    if (!after || after.state === 'ENDED') return problem('FlashSaleEnded', { flashSaleId })
    if (variantIds.length > 0) await touchListings(tx, clock, { variantIds })
    return { __typename: 'CancelFlashSaleSuccess', flashSale: after } as const
  })
}
