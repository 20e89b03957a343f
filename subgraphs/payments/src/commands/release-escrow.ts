import { enqueue } from '@pasar/shared/outbox'
import type { Deps } from '../context.ts'
import { releaseJournal } from '../domain/journals.ts'
import type { Tx } from '../store/database.ts'
import { findPaymentOrders, moveEscrow } from '../store/escrow.ts'
import { postJournal } from '../store/ledger.ts'

/** A finished order's escrow goes to its seller and courier, once. */
export async function releaseEscrow(tx: Tx, { clock }: Pick<Deps, 'clock'>, orderId: string): Promise<void> {
  const [order] = await findPaymentOrders(tx, [orderId])
  if (order?.escrow === 'RELEASED') return
  if (!order || (await moveEscrow(tx, [orderId], { from: 'HELD', to: 'RELEASED' })) === 0)
    throw new Error(`order ${orderId} is finished, but its money is ${order?.escrow ?? 'unknown'}`)
  await postJournal(tx, clock, releaseJournal(order))
  const { paymentId, shopId, itemsAmount } = order
  const payload = { orderId, shopId, amount: Number(itemsAmount) }
  await enqueue(tx, clock, { type: 'EscrowReleased', aggregateId: orderId, keys: [shopId, paymentId], payload })
}
