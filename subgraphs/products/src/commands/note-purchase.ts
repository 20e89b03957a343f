import type { EventOf } from '@pasar/schema/events'
import type { Tx } from '../store/database.ts'
import { addPurchases } from '../store/reviews.ts'

/** Notes who may review what: the lines of a completed order. */
export async function notePurchase(
  tx: Tx,
  { payload: { orderId, buyerId, lines }, occurredAt }: EventOf<'OrderCompleted'>,
): Promise<void> {
  const completedAt = new Date(occurredAt)
  const data = lines.map(({ orderLineId, productId, variantId }) => ({
    orderLineId,
    orderId,
    buyerId,
    productId,
    variantId,
    completedAt,
  }))
  await addPurchases(tx, data)
}
