import type { Clock } from '@pasar/shared/clock'
import { byKey, clearable, groupBy } from '@pasar/shared/loader'
import { findCheckouts } from './store/checkouts.ts'
import type { Db } from './store/client.ts'
import { findRefundLines, findRefunds, findRefundsOfLines } from './store/refunds.ts'
import { findReturns } from './store/returns.ts'
import { findDeadlines, findHistory, findLines, findLinesById } from './store/order-parts.ts'
import { countOfBuyers, countOfShops } from './store/order-counts.ts'
import { findOrders, findOrdersOfCheckouts } from './store/orders.ts'
import { findSagas } from './store/sagas.ts'
import { findListed, findVouchers, findVouchersFor, type VoucherAsk } from './store/vouchers.ts'

/** What a buyer's look for a voucher is known by. */
export const askKey = ({ shopId, code, buyerId }: VoucherAsk): string => `${shopId} ${code} ${buyerId}`

function askOf(key: string): VoucherAsk {
  const [shopId = '', code = '', buyerId = ''] = key.split(' ')
  return { shopId, code, buyerId }
}

const openVouchers = (db: Db, clock: Clock) => ({
  voucher: byKey(
    (ids) => findVouchers(db, ids),
    ({ id }) => id as string,
  ),
  foundVoucher: byKey((keys) => findVouchersFor(db, keys.map(askOf)), askKey),
  listedOfShop: groupBy(
    (ids) => findListed(db, ids, clock.now()),
    ({ shopId }) => shopId as string,
  ),
})

const openEach = (db: Db) => ({
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
  countsOfShop: groupBy(
    (ids) => countOfShops(db, ids),
    ({ ownerId }) => ownerId,
  ),
  countsOfBuyer: groupBy(
    (ids) => countOfBuyers(db, ids),
    ({ ownerId }) => ownerId,
  ),
  saga: byKey(
    (ids) => findSagas(db, ids),
    ({ checkoutId }) => checkoutId,
  ),
  line: byKey(
    (ids) => findLinesById(db, ids),
    ({ id }) => id as string,
  ),
  refund: byKey(
    (ids) => findRefunds(db, ids),
    ({ id }) => id as string,
  ),
  refundLines: groupBy(
    (ids) => findRefundLines(db, ids),
    ({ refundId }) => refundId,
  ),
  refundsOfLine: groupBy(
    (ids) => findRefundsOfLines(db, ids),
    ({ orderLineId }) => orderLineId,
  ),
  returnOfOrder: byKey(
    (ids) => findReturns(db, ids),
    ({ orderId }) => orderId as string,
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

/** Fresh loaders for one request. */
export const openLoaders = (db: Db, clock: Clock) => clearable({ ...openEach(db), ...openVouchers(db, clock) })

/** Loaders of one request; see openLoaders. */
export type OrdersLoaders = ReturnType<typeof openLoaders>
