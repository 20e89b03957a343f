import { byKey, groupBy } from '@pasar/shared/loader'
import { findCheckouts } from './store/checkouts.ts'
import type { Db } from './store/client.ts'
import { findDeadlines, findHistory, findLines } from './store/order-parts.ts'
import { findOrders, findOrdersOfCheckouts } from './store/orders.ts'
import { findSagas } from './store/sagas.ts'

/** Fresh loaders for one request. */
export const openLoaders = (db: Db) => ({
  order: byKey(
    (ids) => findOrders(db, ids),
    ({ id }) => id as string,
  ),
  checkout: byKey(
    (ids) => findCheckouts(db, ids),
    ({ id }) => id as string,
  ),
  ordersOfCheckout: groupBy(
    (ids) => findOrdersOfCheckouts(db, ids),
    ({ checkoutId }) => checkoutId as string,
  ),
  saga: byKey(
    (ids) => findSagas(db, ids),
    ({ checkoutId }) => checkoutId,
  ),
  lines: groupBy(
    (ids) => findLines(db, ids),
    ({ orderId }) => orderId as string,
  ),
  history: groupBy(
    (ids) => findHistory(db, ids),
    ({ orderId }) => orderId as string,
  ),
  deadlines: groupBy(
    (ids) => findDeadlines(db, ids),
    ({ orderId }) => orderId as string,
  ),
})

/** Loaders of one request; see openLoaders. */
export type OrdersLoaders = ReturnType<typeof openLoaders>
