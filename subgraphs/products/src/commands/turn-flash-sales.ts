import { oneByOne } from '@pasar/shared/flow/one-by-one'
import type { ProductsDeps } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { beginFlashSales, endFlashSales, findFlashSalesDue } from '../store/flash-sales.ts'
import type { Tx } from '../store/database.ts'
import { touchListings } from '../store/listings.ts'

/**
 * Ends and begins the flash sales whose time has come, and tells everyone the new prices; says of how many. What is over ends first: the next one
 * of the same variant may begin in that moment. One that cannot be turned keeps no other from it.
 */
export async function turnFlashSales(deps: ProductsDeps): Promise<number> {
  const now = deps.clock.now()
  const due = await findFlashSalesDue(deps.send, now, bounds.flashSalesTurnedMax)
  const idsOf = (over: boolean) => due.filter((sale) => sale.over === over).map(({ id }) => id)
  await turn(deps, idsOf(true), (tx, ids) => endFlashSales(tx, ids, 'ENDED'))
  await turn(deps, idsOf(false), (tx, ids) => beginFlashSales(tx, ids, now))
  return due.length
}

type Turn = (tx: Tx, ids: readonly string[]) => Promise<readonly string[]>

async function turn(deps: ProductsDeps, ids: readonly string[], by: Turn): Promise<void> {
  if (ids.length === 0) return
  try {
    await turnTogether(deps, ids, by)
  } catch {
    await oneByOne(ids, (id) => turnTogether(deps, [id], by))
  }
}

const turnTogether = ({ transaction, clock }: ProductsDeps, ids: readonly string[], by: Turn): Promise<number> =>
  transaction(async (tx) => {
    const variantIds = await by(tx, ids)
    if (variantIds.length > 0) await touchListings(tx, clock, { variantIds })
    return ids.length
  })
