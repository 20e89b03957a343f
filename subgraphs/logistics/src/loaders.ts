import { byKey, clearable, groupBy, perArguments } from '@pasar/shared/subgraph/loader'
import type { Page } from '@pasar/shared/subgraph/page'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import type { Service } from './domain/rates.ts'
import { findClaims } from './store/claims.ts'
import { findShipments, findShipmentsOfOrders } from './store/shipments.ts'
import { findHistoryPages, findTracking } from './store/tracking.ts'

/** Fresh loaders: one statement for all rows that one step of a request asks for. */
export const openLoaders = (db: SqlSeam, services: () => Promise<readonly Service[]>) => ({
  ...clearable({
    shipment: byKey((ids) => findShipments(db, ids), 'id'),
    shipmentsOfOrder: groupBy((ids) => findShipmentsOfOrders(db, ids), 'orderId'),
    claim: byKey((ids) => findClaims(db, ids), 'shipmentId'),
    tracking: byKey((ids) => findTracking(db, ids), 'id'),
    history: perArguments((page: Page) => groupBy((ids) => findHistoryPages(db, ids, page), 'shipmentId')),
  }),
  /** All services with their rates. */
  services,
})

/** Loaders of one request; see openLoaders. */
export type Loaders = ReturnType<typeof openLoaders>
