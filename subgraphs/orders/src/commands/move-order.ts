import type { Clock } from '@pasar/shared/clock'
import { newId } from '@pasar/shared/ids'
import { enqueue } from '@pasar/shared/outbox'
import { Conflict } from '@pasar/shared/problems'
import { deadlinesBegun, deadlinesSettled, dueAt } from '../domain/deadlines.ts'
import type { Order, OrderParty } from '../domain/order.ts'
import { eventOf, moved, rowOf, type MoveFacts } from '../domain/order-moves.ts'
import { leftAfter, totalOf, type Left, type RefundPlan, type Units } from '../domain/refund-plan.ts'
import type { TransitionName } from '../domain/transitions.ts'
import { goodsReturned, orderEvents, type Happened } from '../order-events.ts'
import type { Tx } from '../store/client.ts'
import { turnDeadlines } from '../store/order-parts.ts'
import { saveMove } from '../store/saved-moves.ts'
import { addRefund } from '../store/refunds.ts'
import type { OrderReturn } from '../store/returns.ts'
import { planRefund, readLeft, readReturn, refundReason } from './plan-refund.ts'

/** One move of an order that may make it: what, by whom, and what was said about it. */
export interface OrderMoveStep {
  readonly order: Order
  readonly name: TransitionName
  readonly facts?: undefined | Omit<MoveFacts, 'now' | 'refund'>
  readonly party: OrderParty
  readonly actorId?: string | null
  readonly note?: string | null
  /** What goes back, where that is not a matter of course. */
  readonly refund?: RefundPlan | undefined
  /** Which goods are in the shop again, where that is not a matter of course. */
  readonly restock?: readonly Units[] | undefined
}

/**
 * Moves an order: its row, its history, its deadlines, its refund and its events, in the caller's transaction. The only door through which
 * states change and money is decided to go back.
 */
export async function moveOrder(tx: Tx, clock: Clock, step: OrderMoveStep): Promise<Order> {
  const now = clock.now()
  const { order: before, name, facts, party, actorId = null, note = null } = step
  const left = await readLeft(tx, before)
  const request = before.returnSolution === null ? undefined : await readReturn(tx, before)
  const planned = step.refund ?? planRefund({ order: before, name, left, request })
  const plan = planned && totalOf(planned) > 0n ? planned : undefined
  const order = moved(before, name, { ...facts, refund: plan, now })
  const event = eventOf(name, order)
  if (!(await saveMove(tx, order, { event, party, actorId, note, at: now })))
    throw new Conflict({ id: 'Pesanan sudah berubah', en: 'The order changed in the meantime' })
  const due = await moveDeadlines(tx, { before, order, now })
  const refund = plan && (await putDown(tx, { before, plan, step, now }))
  const happened: Happened = { order, event, dueAt: due, left, leftNow: plan ? leftAfter(left, plan) : left, refund, request }
  for (const told of orderEvents(happened)) await enqueue(tx, clock, told)
  await giveGoodsBack(tx, clock, { happened, step })
  return order
}

interface Turn {
  readonly before: Order
  readonly order: Order
  readonly now: Date
}

/** Settles what does not run any more and begins what runs from now on; says when the next thing must have happened. */
async function moveDeadlines(tx: Tx, { before, order, now }: Turn): Promise<Date | undefined> {
  if (before.state === order.state) return undefined
  const begun = deadlinesBegun(before.state, order.state).map((kind) => ({ kind, dueAt: dueAt(kind, now) }))
  await turnDeadlines(tx, order.id, { settled: deadlinesSettled(order.state), begun, now })
  return begun[0]?.dueAt
}

interface Decided {
  readonly before: Order
  readonly plan: RefundPlan
  readonly step: OrderMoveStep
  readonly now: Date
}

async function putDown(tx: Tx, { before, plan, step, now }: Decided) {
  const { itemsAmount, shippingAmount } = plan
  const reason = refundReason(before, step.name)
  const refund = { id: newId('refund'), orderId: before.id, reason, itemsAmount, shippingAmount, party: step.party } as const
  await addRefund(tx, { ...refund, decidedAt: now, completedAt: null }, plan)
  return { ...refund, lines: plan.lines }
}

interface Back {
  readonly happened: Happened & { readonly left: Left; readonly request: OrderReturn | undefined }
  readonly step: OrderMoveStep
}

/** Tells which units lie in the shop again, where the event of an order's end does not say so. */
async function giveGoodsBack(tx: Tx, clock: Clock, { happened, step }: Back): Promise<void> {
  const { order, left, refund, request } = happened
  const units = step.restock ?? (rowOf(step.name).restocks ? request?.units : undefined) ?? []
  const cause = refund?.id ?? request?.id
  if (units.length > 0 && cause && order.reservedAs !== null)
    await enqueue(tx, clock, goodsReturned({ order, left, units, restockId: cause }))
}
