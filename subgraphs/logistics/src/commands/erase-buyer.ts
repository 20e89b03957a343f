import type { Clock } from '@pasar/shared/clock'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { emptyParcels, waitsForBooking } from '../store/erased-buyers.ts'

/** The buyer of an ended order is erased: its parcels forget them. Its end may still be on its way here, and the parcel about to be stopped. */
export async function eraseBuyer(tx: SqlSeam, clock: Clock, orderId: string): Promise<void> {
  if (await waitsForBooking(tx, orderId)) throw new Error(`a parcel of ${orderId} waits to be booked or stopped`)
  await emptyParcels(tx, orderId, clock.now())
}
