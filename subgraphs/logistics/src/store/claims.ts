import type { SqlSeam } from '@pasar/shared/postgres/seam'

/** What a courier owes for a parcel that it lost. */
export interface ClaimRow {
  readonly shipmentId: string
  readonly amount: bigint
  readonly notedAt: Date
}

const add = `INSERT INTO courier_claim (shipment_id, courier_id, amount, noted_at)
  SELECT s.id, c.courier_id, s.shipping_cost
    + (SELECT coalesce(sum((item->>'quantity')::bigint * (item->>'value')::bigint), 0)::bigint FROM jsonb_array_elements(s.booking->'items') item), $2
  FROM shipment s JOIN courier_service c ON c.id = s.courier_service_id WHERE s.id = $1 ON CONFLICT DO NOTHING RETURNING amount - (SELECT shipping_cost FROM shipment WHERE id = $1) AS goods`

/** Notes, once, that a courier owes what was in a parcel and what its way cost; answers what was in it is worth. */
export const addClaim = async (tx: SqlSeam, shipmentId: string, now: Date): Promise<bigint> =>
  (await tx.$queryRawUnsafe<{ goods: bigint }[]>(add, shipmentId, now))[0]?.goods ?? 0n

/** The courier that a service is of. */
export const courierOfService = async (tx: SqlSeam, serviceId: string): Promise<string> =>
  (await tx.$queryRawUnsafe<{ id: string }[]>(`SELECT courier_id AS id FROM courier_service WHERE id = $1`, serviceId))[0]!.id

export const findClaims = (db: SqlSeam, shipmentIds: readonly string[]): Promise<ClaimRow[]> =>
  db.$queryRawUnsafe(
    `SELECT shipment_id AS "shipmentId", amount, noted_at AS "notedAt" FROM courier_claim WHERE shipment_id = ANY($1::text[])`,
    shipmentIds,
  )
