import type { Clock } from '@pasar/shared/clock'
import { enqueueAll, type NewEvent } from '@pasar/shared/events/outbox'
import type { Tx } from '../store/database.ts'
import { eraseFlashSaleBuyer } from '../store/flash-sale-claims.ts'
import { eraseReporter } from '../store/reports.ts'
import { eraseReviewer, removePurchasesOf } from '../store/reviews.ts'

/**
 * An account is erased: its reviews stay, nobody's, without what it was told about them and what was answered to them, its reports stay without
 * a word and nobody's, and what it bought may not be reviewed any more, nor is counted as its purchase in a flash sale.
 */
export async function eraseAuthor(tx: Tx, clock: Clock, accountId: string): Promise<void> {
  await removePurchasesOf(tx, accountId)
  const reviews = await eraseReviewer(tx, accountId)
  await eraseReporter(tx, accountId)
  await eraseFlashSaleBuyer(tx, accountId)
  const unsigned = ({ id: reviewId, productId }: (typeof reviews)[number]): NewEvent => ({
    type: 'ReviewUnsigned',
    aggregateId: reviewId,
    keys: [productId],
    payload: { reviewId, productId },
  })
  await enqueueAll(tx, clock, reviews.map(unsigned))
}
