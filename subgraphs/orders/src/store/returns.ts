import type { Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import type { Picture } from '@pasar/shared/pictures'
import type { ReturnSolution } from '../domain/order.ts'
import type { ReturnReason, Units } from '../domain/refund-plan.ts'
import type { Tx } from './database.ts'

/** What a buyer asks for who is not content with what arrived. */
export interface OrderReturn {
  readonly id: Id<'return'>
  readonly orderId: Id<'order'>
  readonly reason: ReturnReason
  readonly solution: ReturnSolution
  readonly note: string
  readonly evidence: readonly Picture[]
  readonly itemsAmount: Minor
  readonly shippingAmount: Minor
  readonly requestedAt: Date
  readonly units: readonly Units[]
}

const add = `WITH asked AS (
    INSERT INTO order_return (id, order_id, reason, solution, note, evidence, items_amount, shipping_amount, requested_at)
    VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9))
  INSERT INTO order_return_line (return_id, order_line_id, quantity) SELECT $1, * FROM unnest($10::text[], $11::integer[])`

export async function addReturn(tx: Tx, { units, ...row }: OrderReturn): Promise<void> {
  const { id, orderId, reason, solution, note, evidence, itemsAmount, shippingAmount, requestedAt } = row
  const asked = [id, orderId, reason, solution, note, JSON.stringify(evidence), itemsAmount, shippingAmount, requestedAt]
  await tx.$executeRawUnsafe(
    add,
    ...asked,
    units.map(({ orderLineId }) => orderLineId),
    units.map(({ quantity }) => quantity),
  )
}

const ofOrders = `SELECT id, order_id AS "orderId", reason, solution, note, evidence, items_amount AS "itemsAmount",
    shipping_amount AS "shippingAmount", requested_at AS "requestedAt",
    (SELECT coalesce(jsonb_agg(jsonb_build_object('orderLineId', order_line_id, 'quantity', quantity) ORDER BY order_line_id), '[]')
      FROM order_return_line WHERE return_id = order_return.id) AS units
  FROM order_return WHERE order_id = ANY($1::text[])`

export const findReturns = (db: Tx, orderIds: readonly string[]): Promise<OrderReturn[]> => db.$queryRawUnsafe(ofOrders, orderIds)
