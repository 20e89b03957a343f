import { idParser } from '@pasar/shared/ids'
import { runOnce } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import type { ProductsDeps } from '../context.ts'
import { mayConfirm } from '../domain/reservation.ts'
import { touchListings } from '../store/listings.ts'
import {
  countSold,
  findAllocations,
  findReservation,
  lockReservation,
  moveReservations,
  type ReservationRow,
} from '../store/reservations.ts'
import { lockSpare, recordMovements, takeOut } from '../store/stock.ts'

const confirmed = ({ id }: ReservationRow) => ({ __typename: 'ProductsConfirmed', reservationId: id }) as const

/** Takes the reserved units of a checkout out of stock for good. */
export async function confirmStock(deps: ProductsDeps, input: { readonly checkoutId: string }) {
  const checkoutId = idParser('checkout')(input.checkoutId, 'checkoutId')
  const now = deps.clock.now()
  const result = await runOnce(
    deps,
    { scope: 'productsConfirm', actor: 'orders', key: checkoutId, input: { checkoutId } },
    async (tx) => {
      const reservation = await lockReservation(tx, checkoutId)
      // The record of the first time is kept for days only; the reservation knows for good, and must not be sold twice.
      if (reservation?.state === 'CONFIRMED') return confirmed(reservation)
      if (!reservation || !mayConfirm(reservation, now)) return problem('ProductsReservationGone', {})
      const allocations = await findAllocations(tx, [reservation.id])
      const variantIds = [...new Set(allocations.map(({ variantId }) => variantId))]
      await lockSpare(tx, variantIds)
      await takeOut(tx, allocations)
      await moveReservations(tx, [reservation.id], { from: 'HELD', to: 'CONFIRMED' })
      const sold = allocations.map(({ quantity, ...place }) => ({ ...place, delta: -quantity }))
      await recordMovements(tx, { kind: 'SALE', actor: 'orders', occurredAt: now, reference: reservation.id }, sold)
      await countSold(tx, allocations, 1)
      await touchListings(tx, deps.clock, { variantIds })
      return confirmed(reservation)
    },
  )
  if (result.__typename !== 'ProductsConfirmed') return result
  // A repeat is answered from the record, which does not know of a release since.
  return (await findReservation(deps.db, checkoutId))?.state === 'CONFIRMED' ? result : problem('ProductsReservationGone', {})
}
