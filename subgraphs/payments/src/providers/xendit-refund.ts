import { needed, textField } from './fields.ts'
import type { Fields } from './http-call.ts'
import type { ProviderRefund, RefundOutcome } from './provider.ts'

/** What each status of a refund means for it. */
const statuses: Readonly<Record<string, RefundOutcome>> = {
  PENDING: 'later',
  SUCCEEDED: 'done',
  FAILED: 'refused',
  CANCELLED: 'refused',
}

/** What each reason means that a refund was not made. */
const reasons: Readonly<Record<string, RefundOutcome>> = {
  REFUND_NOT_SUPPORTED: 'refused',
  PARTIAL_REFUND_NOT_SUPPORTED: 'refused',
  INELIGIBLE_TRANSACTION: 'refused',
  ACCOUNT_NOT_FOUND: 'refused',
  ACCOUNT_ACCESS_BLOCKED: 'refused',
  MAXIMUM_USER_BALANCE_EXCEEDED: 'refused',
  MAXIMUM_REFUND_AMOUNT_REACHED: 'spent',
  REFUND_IN_PROGRESS: 'later',
  INSUFFICIENT_BALANCE: 'later',
  REFUND_TEMPORARILY_UNAVAILABLE: 'later',
}

/** Body of `POST /v3/refunds`. */
export const refundBody = ({ transactionId, refundKey, part, reason }: ProviderRefund): Fields => ({
  reference_id: refundKey,
  payment_request_id: transactionId,
  amount: Number(part),
  currency: 'IDR',
  reason: 'REQUESTED_BY_CUSTOMER',
  metadata: { reason },
})

/**
 * The idempotency keys of one refund, in turn: the same key gets the same refund again, so that one that has failed for a reason that may
 * pass is asked for under the next.
 */
export const keysOf = ({ refundKey }: ProviderRefund): readonly string[] => [refundKey, `${refundKey}:2`, `${refundKey}:3`]

/** The provider's own name for a refund: newer answers and older events call it differently. */
export const refundId = (fields: Fields): string => textField(fields, 'refund_id') ?? needed(fields, 'id')

/** What a request means that was not taken: a reason that is not known may pass. */
export const refusalOf = (fields: Fields): RefundOutcome => reasons[String(fields['error_code'])] ?? 'later'

/** Whether a refund has ended without the money. */
export const hasFailed = (fields: Fields): boolean => statuses[String(fields['status'])] === 'refused'

/** What a refund means as it stands: one that has failed has done so for good, unless its reason may pass. */
export const refundOutcome = (fields: Fields): RefundOutcome =>
  hasFailed(fields) ? (reasons[String(fields['failure_code'])] ?? 'refused') : (statuses[String(fields['status'])] ?? 'later')
