import { createHash } from 'node:crypto'
import type { PayoutStatus } from '../domain/withdrawal.ts'
import { needed, sameSecret } from './fields.ts'
import { isFields, type Fields, type ProviderHttp } from './http-call.ts'
import { amountText, parseAmount } from './midtrans-message.ts'
import { providerSilent, type Payout, type PayoutNews } from './provider.ts'

/** What each status of Midtrans' payout service means. */
const statuses: Readonly<Record<string, PayoutStatus>> = {
  queued: 'PENDING',
  approved: 'PENDING',
  processed: 'PENDING',
  completed: 'PAID',
  failed: 'FAILED',
  rejected: 'FAILED',
}

const path = '/iris/api/v1/payouts'

/** A payout as a notification or an answer tells it; a word that is not known says nothing yet. */
function newsOf(fields: Fields, name: string): PayoutNews {
  const [reference, word] = [needed(fields, 'reference_no'), needed(fields, 'status')]
  const amount = fields['amount']
  const status = statuses[word] ?? 'UNKNOWN'
  return {
    provider: 'MIDTRANS',
    name,
    reference,
    status,
    word,
    amount: typeof amount === 'string' ? parseAmount(amount, 'amount') : null,
    key: `midtrans:payout:${reference}:${word}:${status}`,
  }
}

/** Sends money to a bank; the same withdrawal is paid once. */
export async function sendPayout(http: ProviderHttp, baseUrl: string, payout: Payout): Promise<PayoutNews> {
  const { withdrawalId, amount, bank, number, holder } = payout
  const one = {
    beneficiary_name: holder,
    beneficiary_account: number,
    beneficiary_bank: bank.toLowerCase(),
    amount: amountText(amount),
    notes: withdrawalId.replaceAll('_', ' '),
  }
  const headers = { 'x-idempotency-key': withdrawalId }
  const { httpStatus, fields } = await http.send({ method: 'POST', url: `${baseUrl}${path}`, body: { payouts: [one] }, headers })
  if (httpStatus === 400 || httpStatus === 422) return refusedNews(withdrawalId)
  const [made] = Array.isArray(fields['payouts']) ? fields['payouts'].filter(isFields) : []
  if (httpStatus >= 300 || !made) throw providerSilent()
  return newsOf(made, withdrawalId)
}

/** The provider will not send it: the money stays here. */
const refusedNews = (withdrawalId: string): PayoutNews => ({
  provider: 'MIDTRANS',
  name: withdrawalId,
  reference: null,
  status: 'FAILED',
  word: 'refused',
  amount: null,
  key: `midtrans:payout:${withdrawalId}:refused`,
})

/** What the provider knows of a payout now. */
export async function payoutStatus(http: ProviderHttp, baseUrl: string, payout: Payout): Promise<PayoutNews | undefined> {
  if (payout.reference === null) return undefined
  const { httpStatus, fields } = await http.send({ method: 'GET', url: `${baseUrl}${path}/${payout.reference}` })
  if (httpStatus === 404 && fields['errors'] !== undefined) return undefined
  if (httpStatus >= 300) throw providerSilent()
  return newsOf(fields, payout.withdrawalId)
}

/** SHA-512 over the body, literally as received, and the merchant key. */
export const irisSignature = (body: string, merchantKey: string): string =>
  createHash('sha512').update(`${body}${merchantKey}`).digest('hex')

/** A notification about a payout; undefined when it was not signed with our key. */
export const readPayout = (
  { signature, body, fields }: { readonly signature: string; readonly body: string; readonly fields: Fields },
  merchantKey: string,
): PayoutNews | undefined =>
  sameSecret(signature.toLowerCase(), irisSignature(body, merchantKey))
    ? newsOf(fields, needed(fields, 'reference_no'))
    : undefined
