import { newId, type Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import { enqueue } from '@pasar/shared/outbox'
import type { Deps } from '../context.ts'
import { leftOf, refundJournal, shareTotal } from '../domain/journals.ts'
import { refundRoute } from '../domain/refund.ts'
import type { Tx } from '../store/database.ts'
import { finishRefunding, moveEscrow, takeForRefund, type OrderPart, type PaymentOrder } from '../store/escrow.ts'
import { postJournal } from '../store/ledger.ts'
import { endIfRefunded, type Payment } from '../store/payments.ts'
import { insertRefund, isKnownRefund, type Refund } from '../store/refunds.ts'

/** A refund that orders has decided. */
export interface RefundAsked {
  readonly id: Id<'refund'>
  readonly itemsAmount: Minor
  readonly shippingAmount: Minor
}

/** A captured payment, one of its orders, and how much of it goes back: all that is left where orders did not say. */
export interface RefundOf {
  readonly payment: Payment & { readonly capturedAt: Date }
  readonly order: PaymentOrder
  readonly asked?: RefundAsked | undefined
}

/**
 * Gives an order's escrow back, in whole or in part, each refund once: at once onto the buyer's balance or against a dispute, else later
 * through the provider. What goes back leaves the escrow now, so that it can never be released too. The caller holds the payment.
 */
export async function startRefund(tx: Tx, { clock }: Pick<Deps, 'clock'>, { payment, order, asked }: RefundOf): Promise<void> {
  if (asked && (await isKnownRefund(tx, asked.id))) return
  const now = clock.now()
  const { orderId, paymentId, buyerId, shopId } = order
  const left = leftOf(order)
  const amount = shareTotal(asked ? { ...order, ...asked } : left)
  const { destination, against } = refundRoute({ ...payment, collected: order.collectedAt !== null }, amount, now)
  const asksProvider = against === 'PROVIDER'
  if (!(await takeOut(tx, { left, asked }))) return
  const base = {
    id: asked?.id ?? newId('refund'),
    orderId,
    paymentId,
    buyerId,
    shopId,
    amount,
    destination,
    against,
    attempts: 0,
  }
  const refund: Refund = asksProvider
    ? { ...base, createdAt: now, state: 'REQUESTED', completedAt: null }
    : { ...base, createdAt: now, state: 'COMPLETED', completedAt: now }
  await insertRefund(tx, refund)
  await postJournal(tx, clock, refundJournal({ refundId: refund.id, orderId, buyerId, amount, against }))
  if (!asksProvider) await announceRefund(tx, { clock }, refund)
}

/** Takes what goes back out of what is held. What orders has decided must be there; where all goes back, that may have happened before. */
async function takeOut(tx: Tx, { left, asked }: { left: PaymentOrder; asked: RefundAsked | undefined }): Promise<boolean> {
  const { orderId, escrow } = left
  const part: OrderPart = asked ? { orderId, itemsAmount: asked.itemsAmount, shippingAmount: asked.shippingAmount } : left
  if (!(await takeForRefund(tx, part))) {
    if (asked) throw new Error(`refund ${asked.id} is more than is held of order ${orderId} (${escrow})`)
    return false
  }
  if (shareTotal(left) === part.itemsAmount + part.shippingAmount)
    await moveEscrow(tx, [orderId], { from: 'HELD', to: 'REFUNDING' })
  return true
}

/** The buyer has the money of a refund, whose row says so already: tells the market, and ends what is over with it. */
export async function announceRefund(tx: Tx, { clock }: Pick<Deps, 'clock'>, refund: Refund): Promise<void> {
  const { id: refundId, orderId, paymentId, buyerId, shopId, amount, destination } = refund
  await finishRefunding(tx, orderId)
  await endIfRefunded(tx, paymentId)
  const payload = { refundId, orderId, buyerId, amount: Number(amount), destination }
  await enqueue(tx, clock, { type: 'RefundCompleted', aggregateId: orderId, keys: [paymentId, shopId], payload })
}
