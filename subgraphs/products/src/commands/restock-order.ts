import type { EventOf } from '@pasar/schema/events'
import type { ProductsDeps } from '../context.ts'
import type { Tx } from '../store/database.ts'
import { touchListings } from '../store/listings.ts'
import { claimRestock, countSold, lockReservation } from '../store/reservations.ts'
import { lockSpare, putBack, recordMovements } from '../store/stock.ts'

/** Puts the units of a paid order that was cancelled back to where they came from. */
export async function restockOrder(deps: ProductsDeps, tx: Tx, { payload }: EventOf<'OrderCancelled'>): Promise<void> {
  if (!payload.paid) return
  const reservation = await lockReservation(tx, payload.reservedAs ?? payload.checkoutId)
  // Paid too late, the units were given back when the reservation ended.
  if (reservation?.state !== 'CONFIRMED') return
  await restock(deps, tx, { reservationId: reservation.id, variantIds: payload.lines.map(({ variantId }) => variantId) })
}

/** Which units go back: those of some variants, or all. */
export interface Restock {
  readonly reservationId: string
  readonly variantIds: readonly string[] | null
}

/** Puts sold units back, each of them once, and takes them off the sold count. */
export async function restock({ clock }: ProductsDeps, tx: Tx, { reservationId, variantIds }: Restock): Promise<void> {
  const now = clock.now()
  const allocations = await claimRestock(tx, { reservationId, variantIds, now })
  if (allocations.length === 0) return
  const touched = [...new Set(allocations.map(({ variantId }) => variantId))]
  await lockSpare(tx, touched)
  await putBack(tx, allocations)
  const returned = allocations.map(({ quantity, ...place }) => ({ ...place, delta: quantity }))
  await recordMovements(tx, { kind: 'RETURN', actor: 'orders', occurredAt: now, reference: reservationId }, returned)
  await countSold(tx, allocations, -1)
  await touchListings(tx, clock, { variantIds: touched })
}
