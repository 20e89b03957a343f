/**
 * What the provider says of a payment, in Midtrans' words, except that `challenge` is a capture that its fraud check still looks at. `new`
 * is a payment of which nothing was said yet.
 */
export type ProviderStatus =
  | 'new'
  | 'pending'
  | 'authorize'
  | 'challenge'
  | 'capture'
  | 'settlement'
  | 'deny'
  | 'cancel'
  | 'expire'
  | 'failure'
  | 'partial_refund'
  | 'refund'
  | 'partial_chargeback'
  | 'chargeback'

/** Where a payment stands for people. */
export type PaymentState =
  'PENDING' | 'UNDER_REVIEW' | 'ON_DELIVERY' | 'CAPTURED' | 'EXPIRED' | 'DENIED' | 'CANCELLED' | 'REFUNDED'

const unpaidEnds = ['deny', 'cancel', 'expire', 'failure'] as const
const taken = ['capture', 'settlement'] as const
const reversals = ['partial_refund', 'refund', 'partial_chargeback', 'chargeback'] as const

/**
 * Every move that a message may make; any other message is out of date and has no effect. Money that was taken counts whenever we hear
 * of it: after an expiry, after our own cancelling, and also when the message about giving it back overtook the one about taking it.
 */
export const moves = {
  new: ['pending', 'authorize', 'challenge', ...taken, ...unpaidEnds, ...reversals],
  pending: ['authorize', 'challenge', ...taken, ...unpaidEnds, ...reversals],
  authorize: ['challenge', ...taken, ...unpaidEnds, ...reversals],
  challenge: [...taken, ...unpaidEnds, ...reversals],
  deny: [...taken, ...reversals],
  cancel: [...taken, ...reversals],
  expire: [...taken, ...reversals],
  failure: [...taken, ...reversals],
  capture: ['settlement', ...reversals],
  settlement: [...reversals],
  partial_refund: [...reversals],
  partial_chargeback: [...reversals],
  refund: [],
  chargeback: [],
} as const satisfies Record<ProviderStatus, readonly ProviderStatus[]>

/** What people are told in each status. */
export const stateOf = {
  new: 'PENDING',
  pending: 'PENDING',
  authorize: 'PENDING',
  challenge: 'UNDER_REVIEW',
  capture: 'CAPTURED',
  settlement: 'CAPTURED',
  deny: 'DENIED',
  failure: 'DENIED',
  cancel: 'CANCELLED',
  expire: 'EXPIRED',
  partial_refund: 'CAPTURED',
  partial_chargeback: 'CAPTURED',
  refund: 'REFUNDED',
  chargeback: 'REFUNDED',
} as const satisfies Record<ProviderStatus, PaymentState>

/** Whether a message may move a payment from one status to another. */
export const mayMove = (from: ProviderStatus, to: ProviderStatus): boolean =>
  (moves[from] as readonly ProviderStatus[]).includes(to)

/** Whether a status means that money was taken, even if it went back later. */
export const isTaken = (status: ProviderStatus): boolean =>
  isReversal(status) || (taken as readonly ProviderStatus[]).includes(status)

/** Whether a status means that a payment ended without money. */
export const isUnpaidEnd = (status: ProviderStatus): boolean => (unpaidEnds as readonly ProviderStatus[]).includes(status)

/** Whether a status means that money went back. */
export const isReversal = (status: ProviderStatus): boolean => (reversals as readonly ProviderStatus[]).includes(status)

/** Whether a buyer can still pay in the ordinary way. */
export const isOpen = (state: PaymentState): boolean => state === 'PENDING' || state === 'UNDER_REVIEW'

const words = new Set<string>(Object.keys(moves).filter((status) => status !== 'new' && status !== 'challenge'))

/** The provider's word and its fraud check as one status; undefined for a word that we do not know. */
export function statusOf(word: string, statusCode: string, fraudStatus: string | null): ProviderStatus | undefined {
  if (!words.has(word)) return undefined
  const status = word as ProviderStatus
  if (!(taken as readonly ProviderStatus[]).includes(status)) return status
  if (fraudStatus === 'deny') return 'deny'
  // The documented rule of being paid: code 200, and accepted by the fraud check where there was one.
  return statusCode === '200' && (fraudStatus === null || fraudStatus === 'accept') ? status : 'challenge'
}
