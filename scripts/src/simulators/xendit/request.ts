import { randomInt } from 'node:crypto'
import type { Outgoing } from '../deliveries.ts'

/** Money given back, or on its way. */
export interface GivenBack {
  readonly id: string
  readonly referenceId: string
  readonly amount: number
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED'
  /** Why it failed, where it says so. */
  readonly failureCode?: string
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
  readonly outgoing: readonly Outgoing[]
}

type Fields = Readonly<Record<string, unknown>>
const objectIn = (value: unknown): Fields => (value instanceof Object && !Array.isArray(value) ? (value as Fields) : {})

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

/** What went back of a payment, or is on its way. */
export const refundedSoFar = ({ refunds }: PaymentRequest): number =>
  refunds.reduce((sum, { amount, status }) => (status === 'FAILED' ? sum : sum + amount), 0)

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
  const asked = body['expires_at'] ?? objectIn(body['channel_properties'])['expires_at']
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
