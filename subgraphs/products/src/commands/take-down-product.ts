import { idParser } from '@pasar/shared/ids'
import { needReason } from '@pasar/shared/subgraph/looks'
import type { ProductsContext } from '../context.ts'
import type { TakeDownProductInput } from '../generated/resolvers.ts'
import { noteAct, runAsStaff } from '../staff.ts'
import { touchListings } from '../store/listings.ts'
import { saveTakenDown } from '../store/products.ts'
import { closeReports } from '../store/reports.ts'
import { holdProduct } from './hold-product.ts'

/** Takes a product off sale, from whatever state it is in, until staff restore it, and closes the reports about it; once it is down, a further reason only closes what was reported since. */
export function takeDownProduct(ctx: ProductsContext, input: TakeDownProductInput) {
  const productId = idParser('product')(input.productId, 'productId')
  const reason = needReason(input.reason)
  const { clock } = ctx
  return runAsStaff(ctx, { scope: 'takeDownProduct', input, asked: { productId, reason } }, async (tx) => {
    const held = await holdProduct(tx, ctx, productId)
    if (held.__typename !== 'Held') return held
    const { product, variantIds } = held
    const closed = await closeReports(tx, productId, { outcome: 'TAKEN_DOWN', at: clock.now() })
    const isUp = product.status !== 'TAKEN_DOWN'
    if (isUp || closed > 0) await noteAct(tx, ctx, { action: 'product.takeDown', subjectId: productId, reason })
    if (isUp) {
      const takenDown = { takenDownAt: clock.now(), takenDownReason: reason, takenDownFrom: product.status }
      await saveTakenDown(tx, productId, { status: 'TAKEN_DOWN', ...takenDown })
      await touchListings(tx, clock, { variantIds })
    }
    return { __typename: 'TakeDownProductSuccess', productId } as const
  })
}
