import type { EventOf } from '@pasar/schema/events'
import type { ProductsDeps } from '../context.ts'
import type { Tx } from '../store/database.ts'
import { touchListings } from '../store/listings.ts'
import { claimRestock, countSold, lockReservation, type UnitsBack } from '../store/reservations.ts'
import { lockSpare, putBack, recordMovements } from '../store/stock.ts'

/** Puts the units that are left of a paid order that was cancelled back to where they came from. */
export async function restockOrder(deps: ProductsDeps, tx: Tx, { payload }: EventOf<'OrderCancelled'>): Promise<void> {
  if (!payload.paid) return
  const units = payload.lines.map(({ variantId }) => ({ variantId }))
  await restockConfirmed(deps, tx, { checkoutId: payload.reservedAs ?? payload.checkoutId, units })
}

/** Puts units of a paid order back that its buyer did not get, or has sent back. */
export const restockUnits = (deps: ProductsDeps, tx: Tx, { payload }: EventOf<'GoodsReturned'>): Promise<void> =>
  restockConfirmed(deps, tx, { checkoutId: payload.reservedAs, units: payload.lines, reference: payload.restockId })

interface Back {
  readonly checkoutId: string
  readonly units: readonly UnitsBack[]
  readonly reference?: string
}

async function restockConfirmed(deps: ProductsDeps, tx: Tx, { checkoutId, units, reference }: Back): Promise<void> {
  const reservation = await lockReservation(tx, checkoutId)
  // Paid too late, the units were given back when the reservation ended.
  if (reservation?.state !== 'CONFIRMED') return
  await restock(deps, tx, { reservationId: reservation.id, reference: reference ?? reservation.id, units })
}

/** Which units go back: those of some variants, or all. */
export interface Restock {
  readonly reservationId: string
  /** What caused it: the same cause moves the same units once. */
  readonly reference: string
  readonly units: readonly UnitsBack[] | null
}

/** Puts sold units back, each of them once, and takes them off the sold count. */
export async function restock({ clock }: ProductsDeps, tx: Tx, { reservationId, reference, units }: Restock): Promise<void> {
  const now = clock.now()
  const allocations = await claimRestock(tx, { reservationId, units, now })
  if (allocations.length === 0) return
  const touched = [...new Set(allocations.map(({ variantId }) => variantId))]
  await lockSpare(tx, touched)
  await putBack(tx, allocations)
  const returned = allocations.map(({ quantity, ...place }) => ({ ...place, delta: quantity }))
  await recordMovements(tx, { kind: 'RETURN', actor: 'orders', occurredAt: now, reference }, returned)
  await countSold(tx, allocations, -1)
  await touchListings(tx, clock, { variantIds: touched })
}
