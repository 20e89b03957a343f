import type { EventPayloads } from '@pasar/schema/events'
import type { Clock } from '@pasar/shared/clock'
import { enqueue } from '@pasar/shared/events/outbox'
import { leftOf, releaseJournal, shareTotal } from '../domain/journals.ts'
import { deduct } from '../domain/terms.ts'
import type { Tx } from '../store/database.ts'
import { findPaymentOrders, moveEscrow, type PaymentOrder } from '../store/escrow.ts'
import { lockPayment } from '../store/payments.ts'
import { postJournal } from '../store/ledger.ts'
import { lockSeller } from '../store/seller-accounts.ts'

/** What is released of a finished order. */
type Finished = Pick<EventPayloads['OrderCompleted'], 'orderId' | 'refunded'>

/** What is left of a finished order's escrow goes to its seller and courier, and to whom else a share is due; once. */
export async function releaseEscrow(tx: Tx, clock: Clock, { orderId, refunded }: Finished): Promise<void> {
  const [known] = await findPaymentOrders(tx, [orderId])
  if (known) await lockPayment(tx, known.paymentId)
  const [order] = await findPaymentOrders(tx, [orderId])
  if (order && isOver(order)) return
  if (order && !isRefunded(order, refunded)) throw new Error(`order ${orderId} is finished, but its refunds are not all here yet`)
  if (!order || (await moveEscrow(tx, [orderId], { from: 'HELD', to: 'RELEASED' })) === 0)
    throw new Error(`order ${orderId} is finished, but its money is ${order?.escrow ?? 'unknown'}`)
  const left = leftOf(order)
  const { owed } = await lockSeller(tx, order.shopId)
  await postJournal(tx, clock, releaseJournal(left, owed))
  const { paymentId, shopId, itemsAmount, terms } = left
  const payload = { orderId, shopId, amount: Number(deduct(itemsAmount, terms).sellerShare) }
  await enqueue(tx, clock, { type: 'EscrowReleased', aggregateId: orderId, keys: [shopId, paymentId], payload })
}

/** It was released before, or a refund that was told sooner has left nothing to release. */
const isOver = (order: PaymentOrder): boolean => order.escrow === 'RELEASED' || shareTotal(leftOf(order)) === 0n

/** A refund that was decided before the end may be told after it: the seller must not get the buyer's part. */
const isRefunded = ({ refundedItems, refundedShipping }: PaymentOrder, refunded: Finished['refunded']): boolean =>
  refundedItems >= BigInt(refunded?.itemsAmount ?? 0) && refundedShipping >= BigInt(refunded?.shippingAmount ?? 0)
