import { byKey, clearable, groupBy } from '@pasar/shared/loader'
import type { SqlSeam } from '@pasar/shared/seam'
import type { Service } from './domain/rates.ts'
import { findClaims } from './store/claims.ts'
import { findShipments, findShipmentsOfOrders } from './store/shipments.ts'
import { findHistories, findTracking, type HistoryKey, type TrackingRow } from './store/tracking.ts'

/** Fresh loaders: one statement for all rows that one step of a request asks for. */
export function openLoaders(db: SqlSeam, services: () => Promise<readonly Service[]>) {
  const loaders = clearable({
    shipment: byKey((ids) => findShipments(db, ids), 'id'),
    shipmentsOfOrder: groupBy((ids) => findShipmentsOfOrders(db, ids), 'orderId'),
    claim: byKey((ids) => findClaims(db, ids), 'shipmentId'),
    tracking: byKey((ids) => findTracking(db, ids), 'id'),
    histories: groupBy((keys) => historiesOf(db, keys), 'key'),
  })
  return {
    ...loaders,
    /** One page of a shipment's history, and the row after it. */
    history: (key: HistoryKey): Promise<readonly TrackingRow[]> => loaders.histories.load(JSON.stringify(key)),
    /** All services with their rates. */
    services,
  }
}

async function historiesOf(db: SqlSeam, keys: readonly string[]): Promise<(TrackingRow & { readonly key: string })[]> {
  const rows = await findHistories(
    db,
    keys.map((key) => JSON.parse(key) as HistoryKey),
  )
  return rows.map((row) => ({ ...row, key: keys[row.key - 1]! }))
}

/** Loaders of one request; see openLoaders. */
export type Loaders = ReturnType<typeof openLoaders>
