import type { EventOf } from '@pasar/schema/events'
import type { Clock } from '@pasar/shared/clock'
import { sendWithin } from '@pasar/shared/postgres/statement'
import { lockReservation, putBackSold, type UnitsBack } from '../store/put-back.ts'
import type { Tx } from '../store/database.ts'

/** Puts the units that are left of a paid order that was cancelled back to where they came from. */
export async function restockOrder(tx: Tx, clock: Clock, { payload }: EventOf<'OrderCancelled'>): Promise<void> {
  const { paid, reservedAs, checkoutId } = payload
  // None was taken, or none comes back: a courier has lost it, or the buyer has had it.
  if (!paid || reservedAs === null) return
  const units = payload.lines.map(({ variantId }) => ({ variantId, quantity: null }))
  await restock(tx, clock, { checkoutId: reservedAs ?? checkoutId, units, reference: null })
}

/** Puts units of a paid order back that its buyer did not get, or has sent back. */
export const restockUnits = (tx: Tx, clock: Clock, { payload }: EventOf<'GoodsReturned'>): Promise<void> =>
  restock(tx, clock, { checkoutId: payload.reservedAs, units: payload.lines, reference: payload.restockId })

/** Which sold units go back: all that are left where none are named, and what caused it where that is not the checkout itself. */
export interface Restock {
  readonly checkoutId: string
  readonly units: readonly UnitsBack[] | null
  readonly reference: string | null
}

/** Puts sold units back, each of them once, and takes them off the sold count. Paid too late, they were given back before. */
export async function restock(tx: Tx, clock: Clock, { checkoutId, units, reference }: Restock): Promise<void> {
  const send = sendWithin(tx)
  if ((await lockReservation(send, checkoutId)) === 'CONFIRMED')
    await putBackSold(send, { checkoutId, now: clock.now(), units, reference })
}
