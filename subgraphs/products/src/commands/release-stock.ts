import { idParser, newId } from '@pasar/shared/ids'
import { runOnce } from '@pasar/shared/idempotency'
import type { ProductsDeps } from '../context.ts'
import type { Tx } from '../store/database.ts'
import { touchListings } from '../store/listings.ts'
import {
  findAllocations,
  insertReservation,
  lockReservation,
  moveReservations,
  type ReservationRow,
} from '../store/reservations.ts'
import { letGo, lockSpare } from '../store/stock.ts'
import { restock } from './restock-order.ts'

/** Gives the units of a checkout back from whatever state, and keeps a reserve of it that comes late out. */
export function releaseStock(deps: ProductsDeps, input: { readonly checkoutId: string }) {
  const checkoutId = idParser('checkout')(input.checkoutId, 'checkoutId')
  return runOnce(deps, { scope: 'productsRelease', actor: 'orders', key: checkoutId, input: { checkoutId } }, async (tx) => {
    const tombstone = {
      id: newId('reservation'),
      checkoutId,
      state: 'RELEASED',
      expiresAt: null,
      createdAt: deps.clock.now(),
    } as const
    if (!(await insertReservation(tx, tombstone))) await undo(deps, tx, (await lockReservation(tx, checkoutId))!)
    return { __typename: 'ProductsReleased', checkoutId } as const
  })
}

async function undo(deps: ProductsDeps, tx: Tx, reservation: ReservationRow): Promise<void> {
  if (reservation.state === 'HELD') await giveBack(deps, tx, { ids: [reservation.id], to: 'RELEASED' })
  if (reservation.state === 'CONFIRMED') {
    await moveReservations(tx, [reservation.id], { from: 'CONFIRMED', to: 'RELEASED' })
    await restock(deps, tx, { reservationId: reservation.id, reference: reservation.id, units: null })
  }
}

/** Lets go of what held reservations hold; they must be locked. */
export async function giveBack(
  { clock }: ProductsDeps,
  tx: Tx,
  { ids, to }: { readonly ids: readonly string[]; readonly to: 'RELEASED' | 'EXPIRED' },
): Promise<void> {
  const allocations = await findAllocations(tx, ids)
  const variantIds = [...new Set(allocations.map(({ variantId }) => variantId))]
  await lockSpare(tx, variantIds)
  await letGo(tx, allocations)
  await moveReservations(tx, ids, { from: 'HELD', to })
  await touchListings(tx, clock, { variantIds })
}
