import { limits } from '@pasar/shared/limits'
import { rowsOf } from '@pasar/shared/postgres/statement'
import { orderStates, type OrderState } from '../domain/order.ts'
import type { Tx } from './database.ts'

/** How many of somebody's orders are in one state. */
export interface StateCount {
  /** Whose orders: a shop or a buyer. */
  readonly ownerId: string
  readonly state: OrderState
  readonly count: number
}

const ofShops = `SELECT shop.id AS "ownerId", wanted.state, (
    SELECT count(*) FROM (
      SELECT FROM shop_order WHERE shop_id = shop.id AND shop_order.state = wanted.state LIMIT $3::bigint) AS counted)::integer AS count
  FROM ${rowsOf('$1::text[]')} AS shop (id) CROSS JOIN ${rowsOf('$2::text[]')} AS wanted (state)`

/** Each state of each shop by itself: what has ended, by far the most, costs no more than what is open. */
export const countOfShops = (db: Tx, shopIds: readonly string[]): Promise<StateCount[]> =>
  db.$queryRawUnsafe<StateCount[]>(ofShops, shopIds, orderStates, limits.listWindowMax)

const ofBuyers = `SELECT buyer.id AS "ownerId", state, count(*)::integer AS count
  FROM ${rowsOf('$1::text[]')} AS buyer (id) CROSS JOIN LATERAL (
    SELECT state FROM shop_order WHERE buyer_id = buyer.id ORDER BY placed_at DESC, id DESC LIMIT $2::bigint) AS bought
  GROUP BY 1, 2`

/** Nobody buys as much as a shop sells: one index has a buyer's newest orders of all states. */
export const countOfBuyers = (db: Tx, buyerIds: readonly string[]): Promise<StateCount[]> =>
  db.$queryRawUnsafe<StateCount[]>(ofBuyers, buyerIds, limits.listWindowMax)
