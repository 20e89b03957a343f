import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { sendWithin, type Send } from '@pasar/shared/postgres/statement'
import type { Transaction } from '@pasar/shared/postgres/transaction'
import { openTally, type Claim, type Left } from '../domain/flash-sale-claims.ts'
import { findBought, lockFlashSales, writeClaims } from './flash-sale-claims.ts'
import { holdTogether, shelfOf, type Hold } from './hold-together.ts'
import { hold } from './hold.ts'

/** A hold of which something is sold at the price of a flash sale with a limit. */
export interface SaleHold extends Hold {
  readonly claims: readonly Claim[]
}

/** Whether a hold was made; else the shelves or the sale are not as they were seen, or what is lacking of the sale. */
export type SaleAnswer = 'held' | 'passed over' | { readonly lacking: readonly Left[] }

/** What such holds must have in common to be made together; one that does not take from a single shelf goes by itself. */
export const shelfOnSale = (asked: SaleHold): string => {
  const shelf = shelfOf(asked)
  return shelf === undefined
    ? asked.one.reservationId
    : `${shelf} ${asked.claims.map(({ flashSaleId }) => flashSaleId).join(' ')}`
}

/**
 * Takes units of flash sales together with those of the shelf, for checkouts in the order in which they came: both or none. The sales are
 * locked first, and by themselves: only a statement that begins behind the lock sees what each buyer has taken before it.
 */
export const holdOnSale = (transaction: Transaction<SqlSeam>, holds: readonly SaleHold[]): Promise<SaleAnswer[]> =>
  transaction(async (tx) => {
    const send = sendWithin(tx)
    const claims = holds.flatMap((one) => one.claims)
    const ids = [...new Set(claims.map(({ flashSaleId }) => flashSaleId))]
    const sales = await lockFlashSales(send, ids, holds[0]!.one.now)
    const bought = sales.some(({ unitsPerBuyer }) => unitsPerBuyer !== null) ? await findBought(send, claims) : []
    const wanted = openTally(sales, bought)
    const held = await holdThose(
      send,
      holds.filter((one) => wanted.take(one.claims)),
    )
    if (held.length > 0)
      await writeClaims(
        send,
        held.map(({ one: { reservationId }, claims: own }) => ({ reservationId, claims: own })),
      )
    const tally = openTally(sales, bought)
    for (const one of held) tally.take(one.claims)
    return holds.map((one) => {
      if (held.includes(one)) return 'held'
      // A sale that ended meanwhile has another price to be asked about.
      if (one.claims.some((claim) => !claim.again && !tally.isOpen(claim))) return 'passed over'
      const lacking = tally.lacking(one.claims)
      return lacking.length > 0 ? { lacking } : 'passed over'
    })
  })

async function holdThose(send: Send, holds: readonly SaleHold[]): Promise<readonly SaleHold[]> {
  const [first, ...others] = holds
  if (!first) return []
  const made = others.length > 0 ? await holdTogether(send, holds) : [await hold(send, first.one, first)]
  return holds.filter((_, index) => made[index])
}
