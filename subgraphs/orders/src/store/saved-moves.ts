import type { Order } from '../domain/order.ts'
import type { Tx } from './client.ts'
import type { HistoryEntry } from './order-parts.ts'

const save = `WITH moved AS (
    UPDATE shop_order SET version = $2, state = $3, code = $4, end_reason = $5, reject_reason = $6, reserved_as = $7, paid_at = $8, booked = $9,
      cancel_asked = $10, return_solution = $11, return_booked = $12, refunded_items = $13, refunded_shipping = $14
    WHERE id = $1 AND version = $2::integer - 1 RETURNING id, version, state, code)
  INSERT INTO order_history (order_id, version, event, state, code, party, actor_id, note, at)
  SELECT id, version, $15, state, code, $16, $17, $18, $19::timestamptz FROM moved`

/** What is told of a move. */
export type MoveNote = Pick<HistoryEntry, 'event' | 'party' | 'actorId' | 'note' | 'at'>

/** Writes what a move changes, and the move, if the order is still in the version that was moved; false when it is not. */
export async function saveMove(tx: Tx, order: Order, { event, party, actorId, note, at }: MoveNote): Promise<boolean> {
  const { id, version, state, code, endReason, rejectReason, reservedAs, paidAt } = order
  const { booked, cancelAsked, returnSolution, returnBooked, refundedItems, refundedShipping } = order
  const before = [id, version, state, code, endReason, rejectReason, reservedAs, paidAt]
  const after = [booked, cancelAsked, returnSolution, returnBooked, refundedItems, refundedShipping]
  return (await tx.$executeRawUnsafe(save, ...before, ...after, event, party, actorId, note, at)) === 1
}
