import type { Deps } from '../context.ts'
import type { ProviderMessage } from '../domain/payment.ts'
import { stillToPay } from '../domain/refund.ts'
import type { RefundNews } from '../providers/provider.ts'
import { findPaymentAtProvider } from '../store/payments.ts'
import { findRefunds } from '../store/refunds.ts'
import { concludeRefund } from './conclude-refund.ts'
import { recordMessage, type MessageOutcome } from './record-message.ts'

/** A provider tells how a refund ended: one of ours is concluded, one that nobody here asked for is a dispute. */
export async function hearRefund(deps: Deps, news: RefundNews): Promise<MessageOutcome> {
  const payment = await findPaymentAtProvider(deps.db, news)
  if (!payment) return 'UNKNOWN'
  const [refund] = await findRefunds(deps.db, [news.refundKey])
  const isOurs = refund !== undefined && refund.paymentId === payment.id && stillToPay(refund) === news.amount
  // A refund that failed has changed nothing at the provider.
  const outcome =
    news.outcome === 'done' ? await recordMessage(deps, messageOf(news, payment, isOurs), 'NOTIFICATION') : 'APPLIED'
  if (isOurs) await concludeRefund(deps, refund, news.outcome)
  return outcome
}

const messageOf = (
  { provider, transactionId, amount, key, refundKey }: RefundNews,
  payment: { readonly id: string; readonly amount: ProviderMessage['amount'] },
  isOurs: boolean,
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
  reversedBy: isOurs ? null : amount,
  refundKeys: isOurs ? [refundKey] : [],
  reversalKey: refundKey,
  key,
})
