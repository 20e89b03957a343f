import type { Clock } from '@pasar/shared/clock'
import { newId } from '@pasar/shared/ids'
import type { NewEvent } from '@pasar/shared/events/outbox'
import { Conflict } from '@pasar/shared/problems'
import { deadlinesBegun, deadlinesRunning, deadlinesSettled, dueAt } from '../domain/deadlines.ts'
import type { Order, OrderParty } from '../domain/order.ts'
import { eventOf, moved, rowOf, type MoveFacts } from '../domain/order-moves.ts'
import { leftAfter, returnReasons, totalOf, type Left, type RefundPlan, type Units } from '../domain/refund-plan.ts'
import type { TransitionName } from '../domain/transitions.ts'
import { goodsReturned, orderEvents, type Happened } from '../order-events.ts'
import type { Tx } from '../store/database.ts'
import { saveMove, type DeadlineTurn, type MoveNote } from '../store/saved-moves.ts'
import { addRefund } from '../store/refunds.ts'
import { giveUseBack } from '../store/voucher-uses.ts'
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
 * Moves an order: its row, its history, its deadlines, its refund, its voucher and its events, in the caller's transaction. The only door through which
 * states change and money is decided to go back.
 */
export async function moveOrder(tx: Tx, clock: Clock, step: OrderMoveStep): Promise<Order> {
  const now = clock.now()
  const { order: before, name, facts, party, actorId = null, note: said = null } = step
  const left = await readLeft(tx, before)
  const request = before.returnSolution === null ? undefined : await readReturn(tx, before)
  const planned = step.refund ?? planRefund({ order: before, name, left, request })
  const plan = planned && totalOf(planned) > 0n ? planned : undefined
  const order = moved(before, name, { ...facts, refund: plan, now })
  const event = eventOf(name, order)
  const turn = turnOf(before, { order, name, now })
  const refund = plan && decidedRefund({ before, plan, step })
  const dueAt = turn.begun[0]?.dueAt
  const happened: Happened = { order, event, dueAt, left, leftNow: plan ? leftAfter(left, plan) : left, refund, request }
  const events = [...orderEvents(happened), ...goodsGivenBack({ happened, left, step })]
  // Where the order says nothing of its buyer any more, nobody's words are added: what staff said is in the audit log.
  const words = before.destination.name === '' ? null : said
  const note: MoveNote = { event, party, actorId, reason: facts?.rejectReason ?? null, note: words, at: now }
  if (!(await saveMove(tx, clock, { order, note, turn, events })))
    throw new Conflict({ id: 'Pesanan sudah berubah', en: 'The order changed in the meantime' })
  if (refund) await addRefund(tx, { ...refund, decidedAt: now, completedAt: null }, plan)
  await giveVoucherBack(tx, order, now)
  return order
}

/** An order that is cancelled uses no voucher. */
const giveVoucherBack = async (tx: Tx, { id, state, voucherCode }: Order, now: Date) =>
  void (state === 'CANCELLED' && voucherCode !== null && (await giveUseBack(tx, id, now)))

interface Turned {
  readonly order: Order
  readonly name: TransitionName
  readonly now: Date
}

/** Settles what does not run any more, and begins what runs from now on. */
function turnOf({ state }: Order, { order, name, now }: Turned): DeadlineTurn {
  const isMoved = state !== order.state
  const kinds = rowOf(name).renews ? deadlinesRunning(order.state) : deadlinesBegun(state, order.state)
  return {
    settled: isMoved ? deadlinesSettled(order.state) : [],
    begun: kinds.map((kind) => ({ kind, dueAt: dueAt(kind, now) })),
  }
}

interface Decided {
  readonly before: Order
  readonly plan: RefundPlan
  readonly step: OrderMoveStep
}

function decidedRefund({ before, plan, step }: Decided) {
  const { itemsAmount, shippingAmount, lines } = plan
  const reason = refundReason(before, step.name)
  return { id: newId('refund'), orderId: before.id, reason, itemsAmount, shippingAmount, party: step.party, lines } as const
}

interface Back {
  readonly happened: Happened
  readonly left: Left
  readonly step: OrderMoveStep
}

/** Tells which units lie in the shop again, where the event of an order's end does not say so. */
function goodsGivenBack({ happened, left, step }: Back): NewEvent[] {
  const { order, refund, request } = happened
  const units = step.restock ?? unitsBack(step, request)
  const cause = refund?.id ?? request?.id
  const lie = units.length > 0 && cause && order.reservedAs !== null
  return lie ? [goodsReturned({ order, left, units, restockId: cause })] : []
}

/** Where nobody has looked at what came back, goods that were sent back for their faults are not put on sale: the seller counts them in. */
function unitsBack({ name, party }: OrderMoveStep, request: OrderReturn | undefined): readonly Units[] {
  if (!rowOf(name).restocks || !request) return []
  return party === 'SYSTEM' && returnReasons[request.reason].sellersFault ? [] : request.units
}
