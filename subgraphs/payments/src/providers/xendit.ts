import { parseJson } from '@pasar/shared/parse-json'
import { Unavailable } from '@pasar/shared/problems'
import type { ProviderMessage } from '../domain/payment.ts'
import { sameSecret, textField } from './fields.ts'
import { openProviderHttp, type Answer, type Fields, type ProviderHttp } from './http-call.ts'
import {
  providerSilent,
  type AskedPayment,
  type Charge,
  type ChargeOutcome,
  type PaymentProvider,
  type Payout,
  type PayoutNews,
  type ProviderRefund,
  type RefundAnswer,
} from './provider.ts'
import { isOfXendit, isOnSession, requestBody, sessionBody, xenditInstructions } from './xendit-charge.ts'
import { parseEvent, parseState } from './xendit-message.ts'
import { payoutBody, payoutIn, payoutNews, refusedPayout } from './xendit-payout.ts'
import { hasFailed, keysOf, refundBody, refundId, refundOutcome, refusalOf } from './xendit-refund.ts'

/** How to reach Xendit, or its simulator. */
export interface XenditOptions {
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly secretKey: string
  /** What Xendit puts into the header `x-callback-token` of its notifications. */
  readonly callbackToken: string
}

/** One request with the provider's idempotency key. */
interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: Fields
  readonly idempotencyKey?: string
}

type Send = (call: Call) => Promise<Answer>

/** The one 403 that speaks of the payment and not of our key. */
const aboutPayment = 'INELIGIBLE_TRANSACTION'

const sendOver =
  (http: ProviderHttp, baseUrl: string): Send =>
  async ({ path, idempotencyKey, ...rest }) => {
    const headers = { 'api-version': '2024-11-11', ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) }
    const answer = await http.send({ ...rest, url: `${baseUrl}${path}`, headers })
    const { httpStatus, fields } = answer
    // Only the provider itself says that it does not know a payment; a proxy's 404 must not end one. A wrong key is our own fault.
    const foreign = httpStatus === 404 && fields['error_code'] === undefined
    const isForbidden = httpStatus === 403 && fields['error_code'] !== aboutPayment
    if (httpStatus >= 500 || [401, 408, 425, 429].includes(httpStatus) || isForbidden || foreign) throw providerSilent()
    return answer
  }

const pathOf = ({ method, reference }: Pick<AskedPayment, 'method'> & { reference: string }) =>
  isOnSession(method) ? `/sessions/${reference}` : `/v3/payment_requests/${reference}`

async function charge(send: Send, wanted: Charge): Promise<ChargeOutcome> {
  const onPage = isOnSession(wanted.method)
  const { httpStatus, fields } = await send({
    method: 'POST',
    path: onPage ? '/sessions' : '/v3/payment_requests',
    body: onPage ? sessionBody(wanted) : requestBody(wanted),
    // The same key gets the same answer: an answer that got lost is asked for again.
    idempotencyKey: wanted.paymentId,
  })
  // Our key is known there, and what came of it is not yet: the next attempt says.
  if (httpStatus === 409) throw providerSilent()
  const reference = fields[onPage ? 'payment_session_id' : 'payment_request_id']
  if (httpStatus >= 400 || typeof reference !== 'string')
    return { kind: 'refused', reason: textField(fields, 'error_code') ?? String(httpStatus) }
  const instructions = xenditInstructions(wanted.method, fields)
  if (instructions) return { kind: 'charged', instructions, message: parseState(fields), reference }
  await send({ method: 'POST', path: `${pathOf({ ...wanted, reference })}/cancel` })
  return { kind: 'refused', reason: 'no instructions' }
}

/** A payment whose reference got lost with the answer was never shown to its buyer: nobody can pay it. */
async function status(send: Send, { reference, method }: AskedPayment): Promise<ProviderMessage | undefined> {
  if (reference === null) return undefined
  const { httpStatus, fields } = await send({ method: 'GET', path: pathOf({ method, reference }) })
  return httpStatus === 404 ? undefined : parseState(fields)
}

async function cancel(send: Send, payment: AskedPayment): Promise<ProviderMessage | undefined> {
  const { reference, method } = payment
  if (reference === null) return undefined
  await send({ method: 'POST', path: `${pathOf({ method, reference })}/cancel` })
  // Whether it could still be called off, the status says.
  return status(send, payment)
}

type Refunded = Omit<RefundAnswer, 'message'>

/** How a refund goes on; undefined where it has failed for a reason that may pass, so that it can be asked for under another key. */
function goesOn(reference: string, fields: Fields): Refunded | undefined {
  const outcome = refundOutcome(fields)
  return outcome === 'later' && hasFailed(fields) ? undefined : { outcome, reference }
}

const showRefund = async (send: Send, reference: string): Promise<Fields> =>
  (await send({ method: 'GET', path: `/v3/refunds/${encodeURIComponent(reference)}` })).fields

/** Nothing is known of it yet, and its name is: it is asked about next time. */
const nothingYet = (error: unknown): Fields => {
  if (error instanceof Unavailable) return {}
  throw error
}

async function refund(send: Send, wanted: ProviderRefund): Promise<Refunded> {
  let { refundReference: reference } = wanted
  // Xendit may work on it for weeks, and nobody says for how long it keeps a key: what it has is not asked for again.
  const known = reference === null ? undefined : goesOn(reference, await showRefund(send, reference))
  if (known) return known
  for (const idempotencyKey of keysOf(wanted)) {
    const asked = await send({ method: 'POST', path: '/v3/refunds', body: refundBody(wanted), idempotencyKey })
    // Our key is known there, and there is no way to ask for a refund by our name: how it went, an event says, or the next attempt.
    if (asked.httpStatus === 409) throw providerSilent()
    if (asked.httpStatus >= 400) return { outcome: refusalOf(asked.fields), reference }
    // The same key gets the first answer again: how the refund goes on, only its own address says.
    reference = refundId(asked.fields)
    const made = goesOn(reference, await showRefund(send, reference).catch(nothingYet))
    if (made) return made
  }
  return { outcome: 'refused', reference }
}

async function sendPayout(send: Send, payout: Payout): Promise<PayoutNews> {
  // Taken before, it must be neither sent again, should the key be forgotten, nor believed to be refused.
  const known = payout.askedAt && (await payoutStatus(send, payout))
  if (known) return known
  const call = { method: 'POST', path: '/v2/payouts', body: payoutBody(payout), idempotencyKey: payout.withdrawalId } as const
  const { httpStatus, fields } = await send(call)
  if (httpStatus === 409) return knownPayout(send, payout)
  return httpStatus >= 400 ? refusedPayout(payout, textField(fields, 'error_code') ?? String(httpStatus)) : payoutNews(fields)
}

/** Our key is known there: what became of it is asked; that it was refused would be a guess with somebody's money. */
async function knownPayout(send: Send, payout: Payout): Promise<PayoutNews> {
  const news = await payoutStatus(send, payout)
  if (!news) throw providerSilent()
  return news
}

async function payoutStatus(send: Send, { withdrawalId }: Pick<Payout, 'withdrawalId'>): Promise<PayoutNews | undefined> {
  const path = `/v2/payouts?reference_id=${encodeURIComponent(withdrawalId)}`
  const { httpStatus, fields } = await send({ method: 'GET', path })
  // Only a list without it says that it is not there: whatever else is answered would be a guess with somebody's money.
  if (httpStatus >= 400 || !Array.isArray(fields['data'])) throw providerSilent()
  return payoutIn(fields)
}

/** Xendit's Payments API over HTTP, as its documentation describes it. */
export function xendit({ baseUrl, secretKey, callbackToken }: XenditOptions): PaymentProvider {
  const http = openProviderHttp(secretKey)
  const send = sendOver(http, baseUrl)
  return {
    name: 'XENDIT',
    supports: isOfXendit,
    charge: (wanted) => charge(send, wanted),
    status: (payment) => status(send, payment),
    cancel: (payment) => cancel(send, payment),
    // It does not tell of refunds where it is asked about the payment: each has an event of its own.
    refund: async (wanted) => ({ ...(await refund(send, wanted)), message: undefined }),
    payout: (payout) => sendPayout(send, payout),
    payoutStatus: (payout) => payoutStatus(send, payout),
    read: ({ headers, body }) =>
      sameSecret(headers['x-callback-token'] ?? '', callbackToken) ? parseEvent(parseJson(body)) : { kind: 'forged' },
    stop: http.stop,
  }
}
