import { createHash } from 'node:crypto'
import type { PayoutStatus } from '../domain/withdrawal.ts'
import { isFieldText, needed, sameSecret } from './fields.ts'
import { fieldsIn, shut, type Fields, type ProviderHttp } from './http-call.ts'
import { amountText, parseAmount } from './midtrans-message.ts'
import { NotTaken, providerSilent, type Payout, type PayoutNews } from './provider.ts'

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

/** Iris forgets a key at the first midnight (UTC) after it is 24 hours old, and pays for it again then: we stop well before. */
const keyLivesMs = 20 * 3_600_000

/** Our name for the withdrawal, as its notes may hold it. */
const notesOf = (withdrawalId: string) => withdrawalId.replaceAll('_', ' ')
const nameIn = ({ notes }: Fields) => (isFieldText(notes) ? notes.replaceAll(' ', '_') : undefined)

/** Iris holds our key with another request: what became of that one, it does not say. */
const isOfAnother = ({ errors, error_message: message }: Fields) =>
  [errors, message].flat().includes('idempotency-key is not unique')

/** Iris says why it refuses; whatever stands in front of it may answer with the same code, and knows nothing of what Iris has taken. */
const isRefusal = (httpStatus: number, { errors, error_message: message }: Fields): boolean =>
  (httpStatus === 400 || httpStatus === 422) && (errors !== undefined || message !== undefined)

/**
 * Sends money to a bank. For as long as Iris keeps the key, the same request is paid once and answered as before, so that what it refuses it
 * has not taken; after that nobody but its own pages can say whether it has the withdrawal.
 */
export async function sendPayout(http: ProviderHttp, baseUrl: string, payout: Payout): Promise<PayoutNews | undefined> {
  const { withdrawalId, amount, bank, number, holder, askedAt, now } = payout
  if (askedAt && now.getTime() - askedAt.getTime() > keyLivesMs) return undefined
  const one = {
    beneficiary_name: holder,
    beneficiary_account: number,
    beneficiary_bank: bank.toLowerCase(),
    amount: amountText(amount),
    notes: notesOf(withdrawalId),
  }
  const headers = { 'x-idempotency-key': withdrawalId }
  const { httpStatus, fields } = await http.send({ method: 'POST', url: `${baseUrl}${path}`, body: { payouts: [one] }, headers })
  if (shut.includes(httpStatus)) throw new NotTaken()
  if (isOfAnother(fields)) return undefined
  if (isRefusal(httpStatus, fields)) return refusedNews(withdrawalId)
  const [made] = fieldsIn(fields['payouts'])
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

/** What the provider knows of a payout now. Where we know only its own name, ours is in the notes: unlike a notification, the answer has them. */
export async function payoutStatus(
  http: ProviderHttp,
  baseUrl: string,
  { reference, withdrawalId }: Pick<Payout, 'withdrawalId' | 'reference'>,
): Promise<PayoutNews | undefined> {
  if (reference === null) return undefined
  const { httpStatus, fields } = await http.send({ method: 'GET', url: `${baseUrl}${path}/${encodeURIComponent(reference)}` })
  if (httpStatus === 404 && fields['errors'] !== undefined) return undefined
  if (httpStatus >= 300) throw providerSilent()
  const isOurs = withdrawalId !== reference
  return newsOf(fields, isOurs ? withdrawalId : (nameIn(fields) ?? withdrawalId))
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
