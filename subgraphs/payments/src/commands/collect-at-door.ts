import type { Clock } from '@pasar/shared/clock'
import { enqueue } from '@pasar/shared/events/outbox'
import type { Tx } from '../store/database.ts'
import { findPaymentOrders, noteCollected } from '../store/escrow.ts'
import { endIfSettled, lockPayment, paymentMoved } from '../store/payments.ts'

/** An order was delivered: where it is paid at the door, the courier has the cash now. */
export async function collectAtDoor(tx: Tx, clock: Clock, orderId: string): Promise<void> {
  const [order] = await findPaymentOrders(tx, [orderId])
  const payment = order && (await lockPayment(tx, order.paymentId))
  if (payment?.method !== 'COD') return
  await noteCollected(tx, orderId, clock.now())
  if (await endIfSettled(tx, payment.id)) await enqueue(tx, clock, paymentMoved(payment))
}
