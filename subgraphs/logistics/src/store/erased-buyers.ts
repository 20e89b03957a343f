import type { SqlSeam } from '@pasar/shared/postgres/seam'

const hold = `SELECT status FROM shipment WHERE order_id = $1 ORDER BY id FOR UPDATE`

/**
 * Whether a parcel of an order waits to be booked with the courier, who has to be told where it goes. All of them are held: a statement that
 * waits for a parcel does not see what its courier says of it meanwhile.
 */
export const waitsForBooking = async (tx: SqlSeam, orderId: string): Promise<boolean> =>
  (await tx.$queryRawUnsafe<{ readonly status: string }[]>(hold, orderId)).some(({ status }) => status === 'REQUESTED')

const nobody = JSON.stringify({ name: '', phone: '', street: '' })

const empty = `WITH emptied AS (
    UPDATE shipment SET buyer_erased_at = $2, booking = CASE direction
      WHEN 'OUTBOUND' THEN jsonb_set(booking, '{destination}', (booking->'destination') || $3::jsonb)
      ELSE jsonb_set(booking, '{origin}', (booking->'origin') || $3::jsonb) END
    WHERE order_id = $1 RETURNING id)
  UPDATE tracking_event SET location = NULL, note = NULL FROM emptied WHERE shipment_id = emptied.id`

/** Empties what the parcels of an order say of its buyer. */
export const emptyParcels = (tx: SqlSeam, orderId: string, now: Date) => tx.$executeRawUnsafe(empty, orderId, now, nobody)
