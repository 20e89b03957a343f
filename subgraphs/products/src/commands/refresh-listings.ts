import type { ProductsDeps } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { touchListings } from '../store/listings.ts'
import { anyListingDue, countSold, takeListingsDue } from '../store/listings-due.ts'

/**
 * Brings the lists up to date with what checkouts have taken and given back, and tells everyone; says of how many variants. Many changes of
 * one variant become one, so that a thing that everybody wants is not told of a thousand times a second.
 */
export async function refreshListings(deps: ProductsDeps): Promise<number> {
  if (!(await anyListingDue(deps.send))) return 0
  return deps.transaction(async (tx) => {
    const due = await takeListingsDue(tx, bounds.listingsDueMax)
    if (due.length === 0) return 0
    await countSold(tx, due)
    await touchListings(tx, deps.clock, { variantIds: due.map(({ variantId }) => variantId) })
    return due.length
  })
}
