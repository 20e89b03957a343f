import type { Clock } from '@pasar/shared/clock'
import { newId, type Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import { enqueue } from '@pasar/shared/events/outbox'
import { clawbackJournal } from '../domain/clawback.ts'
import { leftOf, refundJournal, shareTotal } from '../domain/journals.ts'
import { refundRoute } from '../domain/refund.ts'
import type { CategoryBack } from '../domain/terms.ts'
import type { Tx } from '../store/database.ts'
import {
  finishRefunding,
  moveEscrow,
  takeAfterRelease,
  takeForRefund,
  type OrderPart,
  type PaymentOrder,
} from '../store/escrow.ts'
import { postJournal } from '../store/ledger.ts'
import { endIfSettled, goneBackOf, type HeldPayment } from '../store/payments.ts'
import { insertRefund, isKnownRefund, type Refund } from '../store/refunds.ts'
import { lockSeller } from '../store/seller-accounts.ts'

/** A refund that orders has decided. */
export interface RefundAsked {
  readonly id: Id<'refund'>
  readonly itemsAmount: Minor
  readonly shippingAmount: Minor
  readonly categories: readonly CategoryBack[]
}

/** A captured payment, one of its orders, and how much of it goes back: all that is left where orders did not say. */
export interface RefundOf {
  readonly payment: HeldPayment & { readonly capturedAt: Date }
  readonly order: PaymentOrder
  readonly asked?: RefundAsked | undefined
}

/**
 * Gives an order's escrow back, in whole or in part, each refund once: at once onto the buyer's balance or against a dispute, else later
 * through the provider. What goes back leaves the escrow now, so that it can never be released too. The caller holds the payment.
 */
export async function startRefund(tx: Tx, clock: Clock, { payment, order, asked }: RefundOf): Promise<void> {
  if (asked && (await isKnownRefund(tx, asked.id))) return
  const now = clock.now()
  const { orderId, paymentId, buyerId, shopId } = order
  const left = leftOf(order)
  const amount = shareTotal(asked ? { ...order, ...asked } : left)
  const id = asked?.id ?? newId('refund')
  const facts = { ...payment, goneBack: await goneBackOf(tx, paymentId, id), collected: order.collectedAt !== null }
  const route = refundRoute(facts, amount, now)
  const asksProvider = route.against === 'PROVIDER'
  const taken = await takeOut(tx, { left, asked })
  if (!taken) return
  const base = { id, orderId, paymentId, buyerId, shopId, amount, ...route, providerReference: null, attempts: 0 }
  const refund: Refund = asksProvider
    ? { ...base, createdAt: now, state: 'REQUESTED', completedAt: null }
    : { ...base, createdAt: now, state: 'COMPLETED', completedAt: now }
  await insertRefund(tx, refund)
  if (taken === 'RELEASED') await takeBack(tx, clock, { refundId: id, left, part: partOf(left, asked) })
  await postJournal(tx, clock, refundJournal({ refundId: id, ...refund }))
  if (!asksProvider) await announceRefund(tx, clock, refund)
}

/** What goes back: what was asked for, else all that is left. */
const partOf = (left: PaymentOrder, asked: RefundAsked | undefined): Omit<OrderPart, 'orderId'> => {
  const { itemsAmount, shippingAmount, categories } = asked ?? { ...left, categories: [] }
  return { itemsAmount, shippingAmount, categories }
}

/** Takes what goes back out of what is held. What orders has decided must be there; where all goes back, that may have happened before. */
async function takeOut(
  tx: Tx,
  { left, asked }: { left: PaymentOrder; asked: RefundAsked | undefined },
): Promise<'HELD' | 'RELEASED' | undefined> {
  const { orderId, escrow } = left
  const part: OrderPart = { orderId, ...partOf(left, asked) }
  const isReleased = asked !== undefined && escrow === 'RELEASED'
  if (!(await (isReleased ? takeAfterRelease(tx, part) : takeForRefund(tx, part)))) {
    if (asked) throw new Error(`refund ${asked.id} is more than is left of order ${orderId} (${escrow})`)
    return undefined
  }
  if (isReleased) return 'RELEASED'
  if (shareTotal(left) === part.itemsAmount + part.shippingAmount)
    await moveEscrow(tx, [orderId], { from: 'HELD', to: 'REFUNDING' })
  return 'HELD'
}

interface TakenBack {
  readonly refundId: string
  readonly left: PaymentOrder
  readonly part: Omit<OrderPart, 'orderId'>
}

/** What was released comes back from whoever got it: the seller pays from the shop's balance, and owes what is missing there. */
async function takeBack(tx: Tx, clock: Clock, { refundId, left, part }: TakenBack): Promise<void> {
  const seller = await lockSeller(tx, left.shopId)
  await postJournal(tx, clock, clawbackJournal({ refundId, order: left, ...part, seller }))
}

/** The buyer has the money of a refund, whose row says so already: tells the market, and ends what is over with it. */
export async function announceRefund(tx: Tx, clock: Clock, refund: Refund): Promise<void> {
  const { id: refundId, orderId, paymentId, buyerId, shopId, amount, destination } = refund
  await finishRefunding(tx, orderId)
  await endIfSettled(tx, paymentId)
  const payload = { refundId, orderId, buyerId, amount: Number(amount), destination }
  await enqueue(tx, clock, { type: 'RefundCompleted', aggregateId: orderId, keys: [paymentId, shopId], payload })
}
