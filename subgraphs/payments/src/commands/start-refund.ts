import { newId } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import { enqueue } from '@pasar/shared/outbox'
import type { Deps } from '../context.ts'
import { refundJournal, shareTotal } from '../domain/journals.ts'
import { refundRoute } from '../domain/refund.ts'
import type { Tx } from '../store/database.ts'
import { moveEscrow, type PaymentOrder } from '../store/escrow.ts'
import { postJournal } from '../store/ledger.ts'
import { expectReversal, type Payment } from '../store/payments.ts'
import { insertRefund, type Refund } from '../store/refunds.ts'

/** A captured payment, and one of its orders. */
export interface RefundOf<P extends Payment> {
  readonly payment: P
  readonly order: PaymentOrder
}

/**
 * Gives all of an order's escrow back, once: at once onto the buyer's balance or against a dispute, else later through the provider. The
 * caller holds the payment. Answers the payment as it is then.
 */
export async function startRefund<P extends Payment & { readonly capturedAt: Date }>(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  { payment, order }: RefundOf<P>,
): Promise<P> {
  const now = clock.now()
  const { orderId, paymentId, buyerId, shopId } = order
  const amount = shareTotal(order)
  const { destination, against } = refundRoute(payment, amount, now)
  const asksProvider = against === 'PROVIDER'
  if ((await moveEscrow(tx, [orderId], { from: 'HELD', to: asksProvider ? 'REFUNDING' : 'REFUNDED' })) === 0) return payment
  const base = { id: newId('refund'), orderId, paymentId, buyerId, shopId, amount, destination, attempts: 0, createdAt: now }
  const refund: Refund = asksProvider
    ? { ...base, state: 'REQUESTED', completedAt: null }
    : { ...base, state: 'COMPLETED', completedAt: now }
  await insertRefund(tx, refund)
  if (!asksProvider) {
    await settleRefund(tx, { clock }, { refund, against })
    return payment
  }
  await expectReversal(tx, paymentId, amount)
  return { ...payment, reversedAmount: (payment.reversedAmount + amount) as Minor }
}

/** Posts a refund that has come about and tells the market. */
export async function settleRefund(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  { refund, against }: { refund: Refund; against: 'PROVIDER' | 'WALLET' | 'DISPUTES' },
): Promise<void> {
  const { id, orderId, paymentId, buyerId, shopId, amount } = refund
  await postJournal(tx, clock, refundJournal({ refundId: id, orderId, buyerId, amount, against }))
  const payload = { orderId, buyerId, amount: Number(amount) }
  await enqueue(tx, clock, { type: 'RefundCompleted', aggregateId: orderId, keys: [paymentId, shopId], payload })
}
