import type { Clock } from '@pasar/shared/clock'
import { eventValues, tellingOf, type NewEvent } from '@pasar/shared/events/outbox'
import { sellersDeadlines, type DeadlineKind } from '../domain/deadlines.ts'
import type { Order } from '../domain/order.ts'
import type { Tx } from './database.ts'
import type { Deadline, HistoryEntry } from './order-parts.ts'

const save = `WITH moved AS (
    UPDATE shop_order SET version = $2, state = $3, code = $4, end_reason = $5, reject_reason = $6, reserved_as = $7, paid_at = $8, booked = $9,
      cancel_asked = $10, return_solution = $11, return_booked = $12, refunded_items = $13, refunded_shipping = $14,
      ship_late = $23, origin = $25::jsonb,
      seller_due_at = (
        SELECT min(due_at) FROM (
          SELECT kind, due_at FROM deadline WHERE order_id = $1 AND kind <> ALL($21::text[])
          UNION ALL SELECT * FROM unnest($21::text[], $22::timestamptz[])) AS runs (kind, due_at)
        WHERE kind = ANY($26::text[]))
    WHERE id = $1 AND version = $2::integer - 1 RETURNING id, version, state, code),
  noted AS (
    INSERT INTO order_history (order_id, version, event, state, code, party, actor_id, note, at, reason)
    SELECT id, version, $15, state, code, $16, $17, $18, $19::timestamptz, $24 FROM moved),
  settled AS (
    UPDATE deadline SET done_at = $19::timestamptz, kept = due_at >= $19::timestamptz
    FROM moved WHERE order_id = moved.id AND kind = ANY($20::text[]) AND done_at IS NULL),
  begun AS (
    INSERT INTO deadline (order_id, kind, due_at) SELECT moved.id, kind, due_at
    FROM moved, unnest($21::text[], $22::timestamptz[]) AS begun (kind, due_at)
    ON CONFLICT (order_id, kind) DO UPDATE SET due_at = excluded.due_at, done_at = NULL, kept = NULL),
  ${tellingOf('moved', 27)}
  SELECT id FROM moved`

/** What is told of a move. */
export type MoveNote = Pick<HistoryEntry, 'event' | 'party' | 'actorId' | 'reason' | 'note' | 'at'>

/** What becomes of an order's deadlines as it moves: no kind is settled and begun at once; one that ran before begins anew. */
export interface DeadlineTurn {
  readonly settled: readonly DeadlineKind[]
  readonly begun: readonly Pick<Deadline, 'kind' | 'dueAt'>[]
}

/** An order after its move, and all that goes with that. */
export interface SavedMove {
  readonly order: Order
  readonly note: MoveNote
  readonly turn: DeadlineTurn
  readonly events: readonly NewEvent[]
}

/** Writes a move with all that goes with it, if the order is still in the version that was moved; false when it is not. */
export async function saveMove(tx: Tx, clock: Clock, { order, note: said, turn, events }: SavedMove): Promise<boolean> {
  const { id, version, state, code, endReason, rejectReason, reservedAs, paidAt } = order
  const { booked, cancelAsked, returnSolution, returnBooked, refundedItems, refundedShipping, shipLate, origin } = order
  const { event, party, actorId, reason, note, at } = said
  const before = [id, version, state, code, endReason, rejectReason, reservedAs, paidAt]
  const after = [booked, cancelAsked, returnSolution, returnBooked, refundedItems, refundedShipping]
  const begun = [turn.begun.map(({ kind }) => kind), turn.begun.map(({ dueAt }) => dueAt)]
  const last = [shipLate, reason, JSON.stringify(origin), sellersDeadlines(state)]
  const values = [...before, ...after, event, party, actorId, note, at, turn.settled, ...begun, ...last]
  return (await tx.$executeRawUnsafe(save, ...values, ...eventValues(clock, events))) === 1
}
