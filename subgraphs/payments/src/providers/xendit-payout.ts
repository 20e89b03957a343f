import type { PayoutStatus } from '../domain/withdrawal.ts'
import { amountField, needed } from './fields.ts'
import { fieldsIn, type Fields } from './http-call.ts'
import type { Payout, PayoutNews } from './provider.ts'

/** What each status of a payout means. */
const statuses: Readonly<Record<string, PayoutStatus>> = {
  ACCEPTED: 'PENDING',
  PENDING_COMPLIANCE_ASSESSMENT: 'PENDING',
  REQUESTED: 'PENDING',
  SUCCEEDED: 'PAID',
  FAILED: 'FAILED',
  COMPLIANCE_REJECTED: 'FAILED',
  CANCELLED: 'FAILED',
  EXPIRED: 'FAILED',
  REVERSED: 'REVERSED',
}

/** Body of `POST /v2/payouts`. */
export const payoutBody = ({ withdrawalId, amount, bank, number, holder }: Payout): Fields => ({
  reference_id: withdrawalId,
  channel_code: `ID_${bank}`,
  channel_properties: { account_number: number, account_holder_name: holder },
  amount: Number(amount),
  currency: 'IDR',
  description: withdrawalId,
})

/** A payout as an event or an answer tells it; a word that is not known says nothing yet. */
export function payoutNews(fields: Fields): PayoutNews {
  const [name, reference, word] = [needed(fields, 'reference_id'), needed(fields, 'id'), needed(fields, 'status')]
  const status = statuses[word] ?? 'UNKNOWN'
  return {
    provider: 'XENDIT',
    name,
    reference,
    status,
    word,
    amount: amountField(fields, 'amount'),
    key: `xendit:payout:${reference}:${word}:${status}`,
  }
}

/** The provider will not send it: the money stays here. */
export const refusedPayout = ({ withdrawalId }: Payout, word: string): PayoutNews => ({
  provider: 'XENDIT',
  name: withdrawalId,
  reference: null,
  status: 'FAILED',
  word,
  amount: null,
  key: `xendit:payout:${withdrawalId}:${word}`,
})

/** The payout among those that have our name for it. */
export const payoutIn = ({ data }: Fields): PayoutNews | undefined => {
  const [first] = fieldsIn(data)
  return first && payoutNews(first)
}
