import type { Clock } from '@pasar/shared/clock'
import { byKey, byKeyOf, clearable, groupBy } from '@pasar/shared/subgraph/loader'
import { findCheckouts } from './store/checkouts.ts'
import type { Db } from './store/database.ts'
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

/** Fresh loaders for one request. */
export const openLoaders = (db: Db, clock: Clock) =>
  clearable({
    order: byKey((ids) => findOrders(db, ids), 'id'),
    checkout: byKey((ids) => findCheckouts(db, ids), 'id'),
    ordersOfCheckout: groupBy((ids) => findOrdersOfCheckouts(db, ids), 'checkoutId'),
    countsOfShop: groupBy((ids) => countOfShops(db, ids), 'ownerId'),
    countsOfBuyer: groupBy((ids) => countOfBuyers(db, ids), 'ownerId'),
    saga: byKey((ids) => findSagas(db, ids), 'checkoutId'),
    line: byKey((ids) => findLinesById(db, ids), 'id'),
    refund: byKey((ids) => findRefunds(db, ids), 'id'),
    refundLines: groupBy((ids) => findRefundLines(db, ids), 'refundId'),
    refundsOfLine: groupBy((ids) => findRefundsOfLines(db, ids), 'orderLineId'),
    returnOfOrder: byKey((ids) => findReturns(db, ids), 'orderId'),
    lines: groupBy((ids) => findLines(db, ids), 'orderId'),
    history: groupBy((ids) => findHistory(db, ids), 'orderId'),
    deadlines: groupBy((ids) => findDeadlines(db, ids), 'orderId'),
    voucher: byKey((ids) => findVouchers(db, ids), 'id'),
    foundVoucher: byKeyOf((keys) => findVouchersFor(db, keys.map(askOf)), askKey),
    listedOfShop: groupBy((ids) => findListed(db, ids, clock.now()), 'shopId'),
  })

/** Loaders of one request; see openLoaders. */
export type Loaders = ReturnType<typeof openLoaders>
