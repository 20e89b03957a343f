import { anyOf } from '@pasar/shared/postgres/statement'
import type { Order } from '../domain/order.ts'
import type { Tx } from './database.ts'

/** The columns of an order. */
export const columns = `id, checkout_id AS "checkoutId", shop_id AS "shopId", buyer_id AS "buyerId", state, code, end_reason AS "endReason",
  reject_reason AS "rejectReason", items_total AS "itemsTotal", discount, voucher_code AS "voucherCode", shipping_cost AS "shippingCost", courier_service_id AS "courierServiceId",
  courier_service_name AS "courierServiceName", weight_grams AS "weightGrams", origin, destination, reserved_as AS "reservedAs",
  ship_late AS "shipLate", booked, cancel_asked AS "cancelAsked", return_solution AS "returnSolution", return_booked AS "returnBooked",
  refunded_items AS "refundedItems", refunded_shipping AS "refundedShipping", paid_at AS "paidAt", placed_at AS "placedAt", version`

const byId = `SELECT ${columns} FROM shop_order WHERE id = ${anyOf('$1::text[]')}`

export const findOrders = (db: Tx, ids: readonly string[]): Promise<Order[]> => db.$queryRawUnsafe<Order[]>(byId, ids)

const byCheckout = `SELECT ${columns} FROM shop_order WHERE checkout_id = ${anyOf('$1::text[]')} ORDER BY shop_id`

export const findOrdersOfCheckouts = (db: Tx, checkoutIds: readonly string[]): Promise<Order[]> =>
  db.$queryRawUnsafe<Order[]>(byCheckout, checkoutIds)

const lock = `SELECT ${columns} FROM shop_order WHERE id = $1 FOR UPDATE`

/** An order whose row nobody else changes before the transaction is over. */
export const lockOrder = async (tx: Tx, id: string): Promise<Order | undefined> =>
  (await tx.$queryRawUnsafe<Order[]>(lock, id))[0]
