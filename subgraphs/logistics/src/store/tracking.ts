import { newId } from '@pasar/shared/ids'
import { listOfEach, type Order } from '@pasar/shared/subgraph/keyset'
import type { Page } from '@pasar/shared/subgraph/page'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
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

const asItHappened: Order = {
  columns: [
    { sql: 'occurred_at', kind: 'time' },
    { sql: 'id', kind: 'text' },
  ],
  descending: false,
}

/** The same page of each shipment's history. */
export const findHistoryPages = (db: SqlSeam, shipmentIds: readonly string[], page: Page) =>
  listOfEach<TrackingRow>(db, shipmentIds, {
    columns,
    from: 'tracking_event',
    where: `shipment_id = owner.id AND outcome IN ('APPLIED', 'LATE')`,
    order: asItHappened,
    page,
  })
