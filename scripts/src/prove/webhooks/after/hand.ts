import { irisSignatureOf, signMidtrans } from '../chaos.ts'
import type { Sent } from '../collector.ts'
import type { Stage } from '../stage.ts'
import type { Life } from './life.ts'
import type { Tally } from './tally.ts'
import { listedAtMidtrans, nameAtMidtrans } from './weather.ts'

/** What is done to a notification. */
export type Twist = 'plain' | 'duplicated' | 'superseded' | 'forged'

/** An answer of the market, and what it was given for. */
export interface Answered {
  readonly twist: Twist
  readonly answer: string
}

/** Whom notifications are handed to, and what of it is kept. */
export interface Hands {
  readonly stage: Stage
  readonly tally: Tally
  readonly answered: Answered[]
}

type Fields = Readonly<Record<string, unknown>>
const dataOf = ({ fields }: Sent) => (fields['data'] ?? {}) as Fields
const eventOf = ({ fields: { event } }: Sent) => (typeof event === 'string' ? event : '')

/** The name of what a notification says has gone back last; undefined where it says nothing of that. */
export function newestOf(sent: Sent): string | undefined {
  if (eventOf(sent) === 'refund.succeeded') return String(dataOf(sent)['reference_id'])
  if (eventOf(sent) === 'dispute.action_required') return String(sent.fields['id'])
  const newest = listedAtMidtrans(sent.fields).at(-1)
  return newest && nameAtMidtrans(newest)
}

/** Hands over what somebody sends; whether it need not be sent again. */
async function post(
  { stage, answered }: Hands,
  { random }: Life,
  given: { readonly sent: Sent; readonly twist: Twist },
): Promise<boolean> {
  const { sent, twist } = given
  const { url } = random.upTo(2) === 0 ? stage : stage.second
  const response = await fetch(`${url}/notifications/${sent.provider}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...sent.headers },
    body: JSON.stringify(sent.fields),
  })
  const { status = '' } = (await response.json()) as { readonly status?: string }
  answered.push({ twist, answer: `${response.status} ${status}`.trim() })
  return response.ok
}

/** What the market knows from a notification on. */
function learn({ story }: Life, sent: Sent): void {
  if (eventOf(sent) === 'refund.failed' && dataOf(sent)['failure_code'] === undefined)
    return void story.push({ kind: 'refused', refundId: String(dataOf(sent)['reference_id']) })
  const event = eventOf(sent)
  if (event === 'dispute.won') return void story.push({ kind: 'returned', name: String(sent.fields['id']) })
  if (event.startsWith('dispute.')) return void story.push({ kind: 'told', names: [String(sent.fields['id'])] })
  const names = sent.provider === 'midtrans' ? listedAtMidtrans(sent.fields).map(nameAtMidtrans) : [newestOf(sent)]
  const known = names.filter((name) => name !== undefined)
  if (known.length > 0) story.push({ kind: 'told', names: known })
}

/**
 * Hands a notification over, now and then more than once, and now and then with one that nobody signed before it. One that is not taken is
 * told again in the end.
 */
export async function hand(hands: Hands, life: Life, sent: Sent): Promise<void> {
  const { random } = life
  if (random.upTo(8) === 0) await post(hands, life, { sent: forgedOf(sent, life), twist: 'forged' })
  const copies = random.upTo(3) === 0 ? 1 + random.upTo(2) : 0
  const atOnce = random.upTo(2) === 0
  const again = () => Array.from({ length: copies }, () => post(hands, life, { sent, twist: 'duplicated' }))
  const first = post(hands, life, { sent, twist: 'plain' })
  const isTaken = atOnce ? (await Promise.all([first, ...again()]))[0] : await first
  if (isTaken) learn(life, sent)
  else {
    hands.tally.add('notifications told again')
    life.waiting.push({ sent, when: 'last', since: 0 })
  }
  if (!atOnce) await Promise.all(again())
}

/** Hands over a word that is signed, out of date and was never sent: what had been before. */
export const handStale = (hands: Hands, life: Life, sent: Sent) => post(hands, life, { sent, twist: 'superseded' })

/** A true notification, altered in what it says by somebody who does not know the key. */
function forgedOf(sent: Sent, { random, paymentId }: Life): Sent {
  const { fields, headers } = sent
  if (headers['iris-signature'] !== undefined) {
    const claim = { ...fields, status: fields['status'] === 'completed' ? 'failed' : 'completed' }
    const key = random.of([headers['iris-signature'], irisSignatureOf(claim, 'another-key'), '0'.repeat(128), ''])
    return { ...sent, fields: claim, headers: { 'iris-signature': key } }
  }
  if (sent.provider === 'midtrans') {
    const refunds = [...listedAtMidtrans(fields), { refund_key: `forged-${random.upTo(1_000_000)}`, refund_amount: '5000.00' }]
    const claim = {
      ...fields,
      transaction_status: random.of(['partial_refund', 'chargeback', 'refund']),
      refunds,
      refund_amount: '5000.00',
    }
    const other = signMidtrans(claim, 'another-key')
    return {
      ...sent,
      fields: { ...claim, status_code: '299', signature_key: random.of([fields['signature_key'], other, undefined]) },
    }
  }
  const token = random.of(['', 'x', `${headers['x-callback-token']}x`])
  const id = `forged-${random.upTo(1_000_000_000)}`
  const made = {
    id,
    reference_id: id,
    payment_request_id: `pr-${paymentId}`,
    amount: 5_000,
    currency: 'IDR',
    status: 'SUCCEEDED',
  }
  if (eventOf(sent).startsWith('dispute.')) {
    const word = random.of(['dispute.won', 'dispute.lost'])
    return {
      ...sent,
      fields: { ...fields, event: word, id: random.of([id, fields['id']]) },
      headers: { 'x-callback-token': token },
    }
  }
  const isPayout = eventOf(sent).startsWith('payout.')
  const word = dataOf(sent)['status'] === 'SUCCEEDED' ? 'FAILED' : 'SUCCEEDED'
  const claim = isPayout
    ? { event: `payout.${word.toLowerCase()}`, data: { ...dataOf(sent), status: word } }
    : { event: 'refund.succeeded', data: made }
  return { ...sent, fields: { ...fields, ...claim }, headers: { 'x-callback-token': token } }
}

/** What a provider could have said long ago of what a notification is about; undefined where nothing was before. */
export function staleOf(sent: Sent, { PAYMENT_SERVER_KEY, PAYOUT_MERCHANT_KEY }: Stage['settings']): Sent | undefined {
  const { fields, headers } = sent
  if (headers['iris-signature'] !== undefined) {
    const said = { ...fields, status: 'processed' }
    return { ...sent, fields: said, headers: { 'iris-signature': irisSignatureOf(said, PAYOUT_MERCHANT_KEY) } }
  }
  if (sent.provider === 'midtrans') {
    const said = { ...fields, refunds: undefined, refund_amount: undefined, transaction_status: 'deny', status_code: '202' }
    return { ...sent, fields: { ...said, signature_key: signMidtrans(said, PAYMENT_SERVER_KEY) } }
  }
  const event = eventOf(sent)
  if (event.startsWith('payout.'))
    return { ...sent, fields: { ...fields, event: 'payout.requested', data: { ...dataOf(sent), status: 'REQUESTED' } } }
  if (event === 'dispute.won' || event === 'dispute.lost')
    return { ...sent, fields: { ...fields, event: 'dispute.under_review', status: 'UNDER_REVIEW' } }
  if (event !== 'refund.succeeded') return undefined
  return { ...sent, fields: { ...fields, event: 'refund.failed', data: { ...dataOf(sent), status: 'FAILED' } } }
}
