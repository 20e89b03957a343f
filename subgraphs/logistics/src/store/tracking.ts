import { newId } from '@pasar/shared/ids'
import type { SqlSeam } from '@pasar/shared/seam'
import { anyOf } from '@pasar/shared/statement'
import type { Outcome, Scan } from '../domain/shipment.ts'

/** One move of a parcel as the courier told it. */
export interface TrackingRow {
  readonly id: string
  readonly shipmentId: string
  readonly status: Scan
  readonly location: string | null
  readonly note: string | null
  readonly occurredAt: Date
}

/** A courier's word that is to be kept. */
export interface NewTracking extends Omit<TrackingRow, 'id'> {
  readonly courierEventId: string
  readonly outcome: Outcome | 'IMPLIED'
  readonly now: Date
}

const insert = `INSERT INTO tracking_event
    (id, shipment_id, courier_event_id, status, location, note, occurred_at, received_at, outcome)
  SELECT $1, id, $3, $4, CASE WHEN buyer_erased_at IS NULL THEN $5 END, CASE WHEN buyer_erased_at IS NULL THEN $6 END, $7, $8, $9
  FROM shipment WHERE id = $2 ON CONFLICT (shipment_id, courier_event_id) DO NOTHING`

/** Keeps a courier's word once; undefined when it is known already. */
export async function addTracking(tx: SqlSeam, event: NewTracking): Promise<string | undefined> {
  const { shipmentId, courierEventId, status, location, note, occurredAt, now, outcome } = event
  const id = newId('tracking')
  const values = [id, shipmentId, courierEventId, status, location, note, occurredAt, now, outcome]
  return (await tx.$executeRawUnsafe(insert, ...values)) === 1 ? id : undefined
}

const has = `SELECT 1 FROM tracking_event WHERE shipment_id = $1 AND status = ANY($2::text[]) AND outcome IN ('APPLIED', 'LATE') LIMIT 1`

/** Whether a courier has ever said one of these of a parcel. */
export const hasWord = async (tx: SqlSeam, shipmentId: string, words: readonly Scan[]): Promise<boolean> =>
  (await tx.$queryRawUnsafe<unknown[]>(has, shipmentId, words)).length > 0

const columns = `id, shipment_id AS "shipmentId", status, location, note, occurred_at AS "occurredAt"`

export const findTracking = (db: SqlSeam, ids: readonly string[]): Promise<TrackingRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM tracking_event WHERE id = ${anyOf('$1::text[]')}`, ids)

/** One page of one shipment's history. */
export interface HistoryKey {
  readonly shipmentId: string
  readonly first: number
  readonly after: { readonly occurredAt: string; readonly id: string } | null
}

const history = `SELECT e.*, k.n::int AS "key" FROM unnest($1::text[], $2::int[], $3::timestamptz[], $4::text[]) WITH ORDINALITY
    AS k (shipment_id, first, after_time, after_id, n)
  CROSS JOIN LATERAL (SELECT ${columns} FROM tracking_event t
    WHERE t.shipment_id = k.shipment_id AND t.outcome IN ('APPLIED', 'LATE')
      AND (k.after_id IS NULL OR (t.occurred_at, t.id) > (k.after_time, k.after_id))
    ORDER BY t.occurred_at, t.id LIMIT k.first) e
  ORDER BY k.n, e."occurredAt", e.id`

/** Pages of many shipments' histories in one statement; each with the position of its key, from 1. */
export const findHistories = (db: SqlSeam, keys: readonly HistoryKey[]): Promise<(TrackingRow & { readonly key: number })[]> =>
  db.$queryRawUnsafe(
    history,
    keys.map(({ shipmentId }) => shipmentId),
    keys.map(({ first }) => first + 1),
    keys.map(({ after }) => after?.occurredAt ?? null),
    keys.map(({ after }) => after?.id ?? null),
  )
