import type { Deps } from '../context.ts'
import type { Tx } from '../store/database.ts'
import { findPaymentOrders, moveEscrow } from '../store/escrow.ts'
import { lockPayment } from '../store/payments.ts'
import { startRefund } from './start-refund.ts'

/** A paid order ended without a sale: all of its money goes back. Money that is not there yet goes back when it comes. */
export async function refundOrder(tx: Tx, { clock }: Pick<Deps, 'clock'>, orderId: string): Promise<void> {
  const [known] = await findPaymentOrders(tx, [orderId])
  if (!known) throw new Error(`no payment is known for the order ${orderId}`)
  const payment = (await lockPayment(tx, known.paymentId))!
  // Read again: whoever held the payment before us may have captured it.
  const [order] = await findPaymentOrders(tx, [orderId])
  if (payment.capturedAt)
    await startRefund(tx, { clock }, { payment: { ...payment, capturedAt: payment.capturedAt }, order: order! })
  else await moveEscrow(tx, [orderId], { from: 'AWAITING', to: 'REFUND_ON_CAPTURE' })
}
