import { oneByOne } from '@pasar/shared/flow/one-by-one'
import type { ProductsDeps } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { refreshDue } from '../store/listings.ts'
import { anyListingDue, findListingsDue } from '../store/listings-due.ts'

/**
 * Brings the lists up to date with what checkouts have taken and given back, and tells everyone; says of how many variants. Many changes of
 * one variant become one, so that a thing that everybody wants is not told of a thousand times a second; and one whose listing cannot be
 * brought up to date keeps no other from it.
 */
export async function refreshListings(deps: ProductsDeps): Promise<number> {
  if (!(await anyListingDue(deps.send))) return 0
  try {
    return await refresh(deps, bounds.listingsDueMax)
  } catch {
    return oneByOne(await findListingsDue(deps.send, bounds.listingsDueMax), (id) => refresh(deps, id))
  }
}

const refresh = ({ plainTransaction, clock }: ProductsDeps, which: number | string): Promise<number> =>
  plainTransaction((tx) => refreshDue(tx, clock, which))
