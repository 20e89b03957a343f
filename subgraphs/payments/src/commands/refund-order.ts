import type { RefundPayload } from '@pasar/schema/events/orders'
import type { Clock } from '@pasar/shared/clock'
import { idParser } from '@pasar/shared/ids'
import { minorUnits } from '@pasar/shared/money'
import type { Tx } from '../store/database.ts'
import { findPaymentOrders, moveEscrow } from '../store/escrow.ts'
import { lockPayment } from '../store/payments.ts'
import { startRefund, type RefundAsked } from './start-refund.ts'

/** What orders has decided to give back; without `refund`, all that is left. */
export interface OrderRefund {
  readonly orderId: string
  readonly refund?: RefundPayload | undefined
}

const parseRefundId = idParser('refund')

/** Money of a paid order goes back. An order's money that is not there yet goes back as a whole when it comes. */
export async function refundOrder(tx: Tx, clock: Clock, { orderId, refund }: OrderRefund): Promise<void> {
  const [known] = await findPaymentOrders(tx, [orderId])
  if (!known) throw new Error(`no payment is known for the order ${orderId}`)
  const payment = (await lockPayment(tx, known.paymentId))!
  // Read again: whoever held the payment before us may have captured it, or given a part of it back.
  const [order] = await findPaymentOrders(tx, [orderId])
  const { capturedAt } = payment
  if (!capturedAt) return void (await moveEscrow(tx, [orderId], { from: 'AWAITING', to: 'REFUND_ON_CAPTURE' }))
  await startRefund(tx, clock, { payment: { ...payment, capturedAt }, order: order!, asked: refund && parse(refund) })
}

/** Checks what orders sends: the parts of a refund sum to it. */
function parse({ refundId, amount, itemsAmount, shippingAmount, lines }: RefundPayload): RefundAsked {
  if (amount <= 0 || itemsAmount < 0 || shippingAmount < 0 || itemsAmount + shippingAmount !== amount)
    throw new Error(`refund ${refundId} does not sum to its parts`)
  return {
    id: parseRefundId(refundId, 'refundId'),
    itemsAmount: minorUnits(itemsAmount),
    shippingAmount: minorUnits(shippingAmount),
    categories: lines.flatMap(({ categoryId, amount: part }) =>
      categoryId === undefined ? [] : [{ categoryId, amount: minorUnits(part) }],
    ),
  }
}
