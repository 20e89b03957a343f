import { jsonObject, oneOf } from '@pasar/shared/expectations'
import { BadInput } from '@pasar/shared/problems'
import type { ProviderMessage } from '../domain/payment.ts'
import { isUnpaidEnd, type ProviderStatus } from '../domain/provider-status.ts'
import { amountField, needed, needRupiah, textField } from './fields.ts'
import { fieldsIn, isFields, type Fields } from './http-call.ts'
import type { Notification, RefundNews } from './provider.ts'
import { isPaidOnSession } from './xendit-charge.ts'
import { disputeEvent } from './xendit-dispute.ts'
import { payoutNews } from './xendit-payout.ts'
import { refundId, refundOutcome } from './xendit-refund.ts'

/** What each event about a payment means; events that are not here are acknowledged and mean nothing to us. */
const events: Readonly<Record<string, ProviderStatus>> = {
  'payment.authorization': 'authorize',
  'payment.capture': 'settlement',
  'payment.failure': 'failure',
  'payment.expiry': 'expire',
  'payment_request.expiry': 'expire',
}

/** What each status of a payment request or of a page means. */
const statuses: Readonly<Record<string, ProviderStatus>> = {
  ACTIVE: 'pending',
  REQUIRES_ACTION: 'pending',
  ACCEPTING_PAYMENTS: 'pending',
  AUTHORIZED: 'authorize',
  SUCCEEDED: 'settlement',
  COMPLETED: 'settlement',
  FAILED: 'failure',
  EXPIRED: 'expire',
  CANCELED: 'cancel',
}

const nothing = { fraudStatus: null, reversedAmount: null, reversedBy: null, refundKeys: [], reversalKey: null }

/** The state of a payment request or a page, as an answer to us. */
export function parseState(fields: Fields): ProviderMessage {
  needRupiah(fields)
  const word = needed(fields, 'status')
  const status = statuses[word]
  if (!status) throw new BadInput('status', oneOf(Object.keys(statuses)))
  const transactionId = textField(fields, 'payment_request_id') ?? needed(fields, 'payment_session_id')
  return {
    ...nothing,
    provider: 'XENDIT',
    paymentId: needed(fields, 'reference_id'),
    transactionId,
    status,
    providerStatus: word,
    statusCode: 'STATUS',
    amount: amountField(fields, fields['request_amount'] === undefined ? 'amount' : 'request_amount'),
    key: `xendit:status:${transactionId}:${word}`,
  }
}

/** A page says that its time is over in the fields of its state; it has no other end of which it tells, but by being paid. */
function sessionExpired(event: string, data: Fields): ProviderMessage {
  const state = parseState(data)
  return { ...state, providerStatus: event, statusCode: state.providerStatus, key: `xendit:${event}:${state.transactionId}` }
}

/** What a payment's event means for all that can be paid: an attempt that failed on a page leaves the page open for another. */
const meantBy = (status: ProviderStatus, data: Fields): ProviderStatus =>
  isUnpaidEnd(status) && isPaidOnSession(data) ? 'pending' : status

/** Names of what the event is about: the provider gives an event no id of its own, and sends the same again with the same names. */
const keyOf = (event: string, data: Fields): string => {
  const captures = fieldsIn(data['captures'])
  const ids = [
    textField(data, 'payment_id') ?? needed(data, 'payment_request_id'),
    ...captures.flatMap((capture) => textField(capture, 'capture_id') ?? []),
  ]
  return ['xendit', event, ...ids, needed(data, 'status')].join(':')
}

function paymentEvent(event: string, status: ProviderStatus, data: Fields): ProviderMessage {
  needRupiah(data)
  return {
    ...nothing,
    provider: 'XENDIT',
    paymentId: needed(data, 'reference_id'),
    transactionId: needed(data, 'payment_request_id'),
    status: meantBy(status, data),
    providerStatus: event,
    statusCode: needed(data, 'status'),
    amount: amountField(data, 'request_amount'),
    key: keyOf(event, data),
  }
}

function refundEvent(event: string, data: Fields): RefundNews {
  needRupiah(data)
  const outcome = event === 'refund.succeeded' ? 'done' : refundOutcome({ ...data, status: 'FAILED' })
  return {
    provider: 'XENDIT',
    refundKey: needed(data, 'reference_id'),
    transactionId: needed(data, 'payment_request_id'),
    amount: amountField(data, 'amount'),
    outcome,
    key: `xendit:${event}:${refundId(data)}`,
  }
}

/** What came to the notification address, after its token was found right. */
export function parseEvent(body: unknown): Notification {
  if (!isFields(body)) throw new BadInput('body', jsonObject)
  const event = needed(body, 'event')
  if (event.startsWith('dispute.')) {
    const dispute = disputeEvent(event, body)
    return dispute ? { kind: 'dispute', dispute } : { kind: 'other' }
  }
  const { data } = body
  if (!isFields(data)) throw new BadInput('data', jsonObject)
  if (event === 'refund.succeeded' || event === 'refund.failed') return { kind: 'refund', refund: refundEvent(event, data) }
  if (event === 'payment_session.expired') return { kind: 'payment', message: sessionExpired(event, data) }
  if (event.startsWith('payout.')) return { kind: 'payout', payout: payoutNews(data) }
  const status = events[event]
  return status ? { kind: 'payment', message: paymentEvent(event, status, data) } : { kind: 'other' }
}
