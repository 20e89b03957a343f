import { randomInt } from 'node:crypto'
import type { Outgoing } from '../deliveries.ts'
import { fieldsIn, type Fields } from '../fields.ts'

/** Money given back, or on its way. */
export interface GivenBack {
  readonly id: string
  readonly referenceId: string
  readonly amount: number
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED'
  /** Why it failed, where it says so. */
  readonly failureCode?: string
}

/** A bank's question about a payment: the money is held until it is answered. */
export interface Dispute {
  readonly id: string
  readonly amount: number
  readonly status: 'ACTION_REQUIRED' | 'UNDER_REVIEW' | 'WON' | 'LOST'
}

/** What the simulated provider knows of one payment. It names everything after the merchant's own reference. */
export interface PaymentRequest {
  readonly referenceId: string
  /** A page that takes a card, in place of a channel. */
  readonly isPage: boolean
  readonly amount: number
  readonly channel: string
  readonly status: 'REQUIRES_ACTION' | 'SUCCEEDED' | 'FAILED' | 'EXPIRED' | 'CANCELED'
  readonly vaNumber: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly refunds: readonly GivenBack[]
  readonly disputes?: readonly Dispute[]
  readonly outgoing: readonly Outgoing[]
}

/** What a refund is as a request's answer and an event tell it. */
export const refundFields = (
  request: PaymentRequest,
  { id, referenceId, amount, status, failureCode }: GivenBack,
): Readonly<Record<string, unknown>> => ({
  id,
  reference_id: referenceId,
  payment_request_id: requestId(request),
  amount,
  currency: 'IDR',
  status,
  ...(failureCode !== undefined && { failure_code: failureCode }),
})

const sumOf = (amounts: readonly { readonly amount: number }[]) => amounts.reduce((sum, { amount }) => sum + amount, 0)

/** What went back of a payment, is on its way, or is held for a bank. */
export const goneSoFar = ({ refunds, disputes = [] }: PaymentRequest): number =>
  sumOf(refunds.filter(({ status }) => status !== 'FAILED')) + sumOf(disputes.filter(({ status }) => status !== 'WON'))

/** What a dispute is as an answer and an event tell it: amounts as text, and beside the event's name. */
export const disputeFields = (request: PaymentRequest, { id, amount, status }: Dispute): Readonly<Record<string, unknown>> => ({
  id,
  channel_code: request.channel,
  status,
  currency: 'IDR',
  amount: { initial: `${amount}.00`, terminal: status === 'LOST' ? `${amount}.00` : status === 'WON' ? '0.00' : null },
  created_at: request.createdAt,
  payment_id: paymentId(request),
  reference_id: request.referenceId,
})

/** Names of a payment. */
export const requestId = ({ referenceId }: Pick<PaymentRequest, 'referenceId'>) => `pr-${referenceId}`
export const sessionId = ({ referenceId }: Pick<PaymentRequest, 'referenceId'>) => `ps-${referenceId}`
export const paymentId = ({ referenceId }: Pick<PaymentRequest, 'referenceId'>) => `py-${referenceId}`

const channels = new Set([
  ...['BCA', 'BNI', 'BRI', 'PERMATA'].map((bank) => `${bank}_VIRTUAL_ACCOUNT`),
  'QRIS',
  'GOPAY',
  'SHOPEEPAY',
  'OVO',
  'DANA',
  'KREDIVO',
  'AKULAKU',
  'CARDS',
])

/** Until when it can be paid: as asked for, of the page or of the channel, else a day. */
function expiryOf(body: Fields, now: Date): Date {
  const asked = body['expires_at'] ?? fieldsIn(body['channel_properties'])['expires_at']
  return typeof asked === 'string' && !Number.isNaN(Date.parse(asked)) ? new Date(asked) : new Date(now.getTime() + 86_400_000)
}

/** A new payment from the body of a request; undefined when it cannot be made. */
export function requestFrom(body: Fields, isPage: boolean, now: Date): PaymentRequest | undefined {
  const { reference_id: referenceId, currency, country } = body
  const amount = body[isPage ? 'amount' : 'request_amount']
  const channel = isPage ? 'CARDS' : body['channel_code']
  if (typeof referenceId !== 'string' || !/^[\w.~-]{1,255}$/.test(referenceId)) return undefined
  if (currency !== 'IDR' || country !== 'ID') return undefined
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount <= 0) return undefined
  if (typeof channel !== 'string' || !channels.has(channel)) return undefined
  return {
    referenceId,
    isPage,
    amount,
    channel,
    status: 'REQUIRES_ACTION',
    vaNumber: String(randomInt(10 ** 11, 10 ** 12)),
    createdAt: now.toISOString(),
    expiresAt: expiryOf(body, now).toISOString(),
    refunds: [],
    outgoing: [],
  }
}

/** What an event says of a payment. */
export const dataOf = (request: PaymentRequest, status: string): Fields => ({
  payment_id: paymentId(request),
  payment_request_id: requestId(request),
  business_id: 'simulator',
  reference_id: request.referenceId,
  type: 'PAY',
  country: 'ID',
  currency: 'IDR',
  request_amount: request.amount,
  channel_code: request.channel,
  status,
  created: request.createdAt,
  ...(status === 'SUCCEEDED' && {
    captures: [{ capture_id: `cap-${request.referenceId}`, capture_amount: request.amount }],
  }),
})

/** What an event says of a page. */
export const pageDataOf = (request: PaymentRequest, status: string): Fields => ({
  payment_session_id: sessionId(request),
  business_id: 'simulator',
  reference_id: request.referenceId,
  session_type: 'PAY',
  mode: 'PAYMENT_LINK',
  country: 'ID',
  currency: 'IDR',
  amount: request.amount,
  status,
  created: request.createdAt,
})

/** An event as it is sent. */
export const eventOf = (event: string, data: Fields, now: Date): Fields => ({
  event,
  business_id: 'simulator',
  created: now.toISOString(),
  data,
})
