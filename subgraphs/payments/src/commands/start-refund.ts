import { newId, type Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import { enqueue } from '@pasar/shared/outbox'
import type { Deps } from '../context.ts'
import { leftOf, refundJournal, shareTotal } from '../domain/journals.ts'
import { refundRoute } from '../domain/refund.ts'
import type { Tx } from '../store/database.ts'
import { finishRefunding, moveEscrow, takeForRefund, type OrderPart, type PaymentOrder } from '../store/escrow.ts'
import { postJournal } from '../store/ledger.ts'
import { expectReversal, type Payment } from '../store/payments.ts'
import { insertRefund, isKnownRefund, type Refund } from '../store/refunds.ts'

/** A refund that orders has decided. */
export interface RefundAsked {
  readonly id: Id<'refund'>
  readonly itemsAmount: Minor
  readonly shippingAmount: Minor
}

/** A captured payment, one of its orders, and how much of it goes back: all that is left where orders did not say. */
export interface RefundOf<P extends Payment> {
  readonly payment: P
  readonly order: PaymentOrder
  readonly asked?: RefundAsked | undefined
}

/**
 * Gives an order's escrow back, in whole or in part, each refund once: at once onto the buyer's balance or against a dispute, else later
 * through the provider. The caller holds the payment. Answers the payment as it is then.
 */
export async function startRefund<P extends Payment & { readonly capturedAt: Date }>(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  { payment, order, asked }: RefundOf<P>,
): Promise<P> {
  if (asked && (await isKnownRefund(tx, asked.id))) return payment
  const now = clock.now()
  const { orderId, paymentId, buyerId, shopId } = order
  const left = leftOf(order)
  const amount = shareTotal(asked ? { ...order, ...asked } : left)
  const { destination, against } = refundRoute(payment, amount, now)
  const asksProvider = against === 'PROVIDER'
  if (!(await takeOut(tx, { left, asked }))) return payment
  const base = { id: asked?.id ?? newId('refund'), orderId, paymentId, buyerId, shopId, amount, destination, attempts: 0 }
  const refund: Refund = asksProvider
    ? { ...base, createdAt: now, state: 'REQUESTED', completedAt: null }
    : { ...base, createdAt: now, state: 'COMPLETED', completedAt: now }
  await insertRefund(tx, refund)
  if (!asksProvider) {
    await settleRefund(tx, { clock }, { refund, against })
    return payment
  }
  await expectReversal(tx, paymentId, amount)
  return { ...payment, reversedAmount: (payment.reversedAmount + amount) as Minor }
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

/** Posts a refund that has come about and tells the market. Its row says so already. */
export async function settleRefund(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  { refund, against }: { refund: Refund; against: 'PROVIDER' | 'WALLET' | 'DISPUTES' },
): Promise<void> {
  const { id: refundId, orderId, paymentId, buyerId, shopId, amount, destination } = refund
  await finishRefunding(tx, orderId)
  await postJournal(tx, clock, refundJournal({ refundId, orderId, buyerId, amount, against }))
  const payload = { refundId, orderId, buyerId, amount: Number(amount), destination }
  await enqueue(tx, clock, { type: 'RefundCompleted', aggregateId: orderId, keys: [paymentId, shopId], payload })
}
