import { oneByOne } from '@pasar/shared/flow/one-by-one'
import type { ProductsDeps } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { touchListings } from '../store/listings.ts'
import { findListingsMoved, takeListingsMoved } from '../store/listings-moved.ts'

/**
 * Tells from where the listings of warehouses that moved are sent now; says of how many variants. A few at a time, apart from what is sold: one
 * shop that moves to and fro keeps nobody's lists from being right. One that cannot be told of keeps no other from it.
 */
export async function moveListings(deps: ProductsDeps): Promise<number> {
  const moved = await findListingsMoved(deps.send, bounds.listingsMovedMax)
  if (moved.length === 0) return 0
  try {
    return await move(deps, moved)
  } catch {
    return oneByOne(moved, (id) => move(deps, [id]))
  }
}

const move = ({ transaction, clock }: ProductsDeps, ids: readonly string[]): Promise<number> =>
  transaction(async (tx) => {
    const variantIds = await takeListingsMoved(tx, ids)
    if (variantIds.length > 0) await touchListings(tx, clock, { variantIds })
    return variantIds.length
  })
