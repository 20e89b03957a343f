import type { SqlSeam } from '@pasar/shared/seam'

const unbooked = `SELECT 1 FROM shipment WHERE order_id = $1 AND status = 'REQUESTED' LIMIT 1`

/** Whether a parcel of an order waits to be booked with the courier, who has to be told where it goes. */
export const waitsForBooking = async (tx: SqlSeam, orderId: string): Promise<boolean> =>
  (await tx.$queryRawUnsafe<object[]>(unbooked, orderId)).length > 0

const nobody = JSON.stringify({ name: '', phone: '', street: '' })

const empty = `WITH emptied AS (
    UPDATE shipment SET buyer_erased_at = $2, booking = CASE direction
      WHEN 'OUTBOUND' THEN jsonb_set(booking, '{destination}', (booking->'destination') || $3::jsonb)
      ELSE jsonb_set(booking, '{origin}', (booking->'origin') || $3::jsonb) END
    WHERE order_id = $1 RETURNING id)
  UPDATE tracking_event SET location = NULL, note = NULL FROM emptied WHERE shipment_id = emptied.id`

/** Empties what the parcels of an order say of its buyer. */
export const emptyParcels = (tx: SqlSeam, orderId: string, now: Date) => tx.$executeRawUnsafe(empty, orderId, now, nobody)
