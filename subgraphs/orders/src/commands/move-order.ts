import type { Clock } from '@pasar/shared/clock'
import { enqueue } from '@pasar/shared/outbox'
import { Conflict } from '@pasar/shared/problems'
import { deadlineBegun, deadlinesSettled, dueAt } from '../domain/deadlines.ts'
import type { Order, OrderParty } from '../domain/order.ts'
import { eventOf, moved, type MoveFacts, type TransitionName } from '../domain/order-moves.ts'
import { orderEvent } from '../order-events.ts'
import type { Tx } from '../store/client.ts'
import { addDeadlines, addHistory, findLines, settleDeadlines } from '../store/order-parts.ts'
import { saveMove } from '../store/orders.ts'

/** One move of an order that may make it: what, by whom, and what was said about it. */
export interface OrderMoveStep {
  readonly order: Order
  readonly name: TransitionName
  readonly facts?: Omit<MoveFacts, 'now'>
  readonly party: OrderParty
  readonly actorId?: string | null
  readonly note?: string | null
}

/** Moves an order: its row, its history, its deadlines and its event, in the caller's transaction. The only door through which states change. */
export async function moveOrder(tx: Tx, clock: Clock, step: OrderMoveStep): Promise<Order> {
  const now = clock.now()
  const { order: before, name, facts, party, actorId = null, note = null } = step
  const order = moved(before, name, { ...facts, now })
  if (!(await saveMove(tx, order))) throw new Conflict({ id: 'Pesanan sudah berubah', en: 'The order changed in the meantime' })
  const { id: orderId, version, state, code } = order
  const event = eventOf(name)
  await addHistory(tx, [{ orderId, version, event, state, code, party, actorId, note, at: now }])
  await settleDeadlines(tx, orderId, { kinds: deadlinesSettled(state), now })
  const kind = deadlineBegun(before.state, state)
  const due = kind && dueAt(kind, now)
  if (kind && due) await addDeadlines(tx, [{ orderId, kind, dueAt: due }])
  await enqueue(tx, clock, orderEvent({ order, lines: await findLines(tx, [orderId]), event, dueAt: due }))
  return order
}
