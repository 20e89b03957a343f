import type { PaymentsDeps } from '../context.ts'
import type { ProviderMessage } from '../domain/payment.ts'
import { stillToPay } from '../domain/refund.ts'
import type { RefundNews } from '../providers/provider.ts'
import type { Tx } from '../store/database.ts'
import { findPaymentAtProvider, lockPayment, type HeldPayment } from '../store/payments.ts'
import { findRefunds, noteMade, type Refund } from '../store/refunds.ts'
import { concludeHeld } from './conclude-refund.ts'
import { recordHeld, type MessageOutcome } from './record-message.ts'

/**
 * A provider tells how a refund ended: one of ours is concluded, one that nobody here asked for is a dispute, and so is one of ours that we
 * gave up, because the buyer has that money on the balance, and one that was made before.
 */
export async function hearRefund(deps: PaymentsDeps, news: RefundNews): Promise<MessageOutcome> {
  const payment = await findPaymentAtProvider(deps.db, news)
  if (!payment) return 'UNKNOWN'
  return deps.transaction(async (tx) => hearHeld(tx, deps, { news, payment: (await lockPayment(tx, payment.id))! }))
}

interface HeardRefund {
  readonly news: RefundNews
  readonly payment: HeldPayment
}

async function hearHeld(tx: Tx, deps: PaymentsDeps, { news, payment }: HeardRefund): Promise<MessageOutcome> {
  const [refund] = await findRefunds(tx, [news.refundKey])
  const ours = refund && isOurs(refund, { news, payment }) && (await isOnce(tx, news)) ? refund : undefined
  // A refund that failed has changed nothing at the provider.
  const outcome =
    news.outcome === 'done'
      ? (await recordHeld(tx, deps.clock, { payment, message: messageOf(news, payment, ours), source: 'NOTIFICATION' })).outcome
      : 'APPLIED'
  if (ours?.state === 'COMPLETED' && news.outcome !== 'done')
    deps.log.warn({ refundId: ours.id }, 'a refund that was done is said to have failed: somebody must look')
  if (ours) await concludeHeld(tx, deps.clock, { payment, refund: ours, outcome: news.outcome })
  return outcome
}

/** Whether the market waits for it, or knows already that the provider has carried it out. */
const isOurs = ({ against, paymentId, ...rest }: Refund, { news, payment }: HeardRefund): boolean =>
  against === 'PROVIDER' && paymentId === payment.id && stillToPay(rest) === news.amount

/** Asked for under two keys, a refund may be made twice: each has a name of its own, and so a word. */
const isOnce = async (tx: Tx, { outcome, refundKey, key }: RefundNews): Promise<boolean> =>
  outcome !== 'done' || noteMade(tx, refundKey, key)

const messageOf = (
  { provider, transactionId, amount, key, refundKey }: RefundNews,
  payment: HeldPayment,
  ours: Refund | undefined,
): ProviderMessage => ({
  provider,
  paymentId: payment.id,
  transactionId,
  status: 'partial_refund',
  providerStatus: 'refund.succeeded',
  statusCode: 'SUCCEEDED',
  fraudStatus: null,
  amount: payment.amount,
  reversedAmount: null,
  reversedBy: ours ? null : amount,
  refundKeys: ours ? [refundKey] : [],
  reversalKey: refundKey,
  key,
})
