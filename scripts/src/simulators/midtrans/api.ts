import { timingSafeEqual } from 'node:crypto'
import type { Clock } from '@pasar/shared/clock'
import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { bodyOf, type Fields } from '../fields.ts'
import type { Remembered } from '../remembered.ts'
import type { Desk } from './desk.ts'
import { amountText, fieldsOf, jakartaTime, refundedSoFar, transactionFrom, type Transaction } from './transaction.ts'

/** What the provider's interface works with. */
export interface ApiOptions {
  readonly memory: Remembered<Transaction>
  readonly desk: Desk
  readonly serverKey: string
  readonly clock: Clock
}

/** Midtrans mostly answers HTTP 200 around its own status code. */
const answer = (code: number, fields: Fields): HttpResponse =>
  json(code === 401 ? 401 : 200, { status_code: String(code), ...fields })
const refusal = (code: number, message: string): HttpResponse => answer(code, { status_message: message })

const baseOf = ({ headers }: HttpRequest) =>
  `http://${/^[\w.:[\]-]{1,100}$/.test(headers['host'] ?? '') ? headers['host'] : 'localhost'}/simulators/midtrans`

function linksOf({ paymentType, transactionId, orderId, qrString }: Transaction, base: string): Fields {
  const picture = { name: 'generate-qr-code', method: 'GET', url: `${base}/v2/${paymentType}/${transactionId}/qr-code` }
  const app = { name: 'deeplink-redirect', method: 'GET', url: `${base}#${orderId}` }
  if (paymentType === 'qris') return { qr_string: qrString, acquirer: 'gopay', actions: [picture] }
  if (paymentType === 'gopay') return { actions: [picture, app] }
  if (paymentType === 'kredivo' || paymentType === 'akulaku') return { redirect_url: `${base}#${orderId}` }
  return paymentType === 'shopeepay' ? { actions: [app] } : {}
}

function charge({ memory, desk, serverKey, clock }: ApiOptions, request: HttpRequest): HttpResponse {
  const body = bodyOf(request)
  const transaction = transactionFrom(body, String(body['payment_type']), clock.now())
  if (!transaction) return refusal(400, 'One or more parameters in the payload is invalid.')
  if (memory.all.has(transaction.orderId))
    return refusal(
      406,
      'The request could not be completed due to a conflict with the current state of the target resource: order_id has already been utilized previously.',
    )
  const charged = desk.change(transaction, {})
  return json(200, { ...fieldsOf(charged, serverKey), ...linksOf(charged, baseOf(request)) })
}

function openCardPage({ memory, clock }: ApiOptions, request: HttpRequest): HttpResponse {
  const transaction = transactionFrom(bodyOf(request), 'credit_card', clock.now())
  if (!transaction) return json(400, { error_messages: ['transaction_details is invalid'] })
  const known = memory.all.get(transaction.orderId)
  if (known && known.status !== 'page')
    return json(400, { error_messages: ['transaction_details.order_id has already been taken'] })
  if (!known) memory.save(transaction)
  return json(201, { token: transaction.transactionId, redirect_url: `${baseOf(request)}#${transaction.orderId}` })
}

function refund({ desk, serverKey, clock }: ApiOptions, transaction: Transaction, body: Fields): HttpResponse {
  const { refund_key: key, amount = transaction.amount, reason = '' } = body
  if (typeof key !== 'string' || typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount <= 0)
    return refusal(400, 'refund_key and amount are needed')
  if (transaction.refunds.some(({ refund_key }) => refund_key === key))
    return refusal(406, 'The refund_key has already been used.')
  if (!['settlement', 'partial_refund'].includes(transaction.status) || transaction.vaNumber !== undefined)
    return refusal(412, 'Refund is not allowed for this transaction.')
  const total = refundedSoFar(transaction) + amount
  if (total > transaction.amount) return refusal(412, 'Refund amount exceeds the transaction amount.')
  const given = {
    refund_key: key,
    refund_amount: amountText(amount),
    reason: String(reason),
    created_at: jakartaTime(clock.now()),
  }
  const status = total === transaction.amount ? 'refund' : 'partial_refund'
  const changed = desk.change(transaction, { status, refunds: [...transaction.refunds, given] })
  return json(200, { ...fieldsOf(changed, serverKey), refund_key: key, status_message: 'Success, refund request is approved' })
}

function act(options: ApiOptions, { parameters, ...request }: HttpRequest): HttpResponse {
  const { memory, desk, serverKey } = options
  const { order, action } = parameters
  const transaction = memory.all.get(order!)
  if (!transaction || transaction.status === 'page') return refusal(404, "Transaction doesn't exist.")
  if (action === 'refund') return refund(options, transaction, bodyOf({ parameters, ...request }))
  const mayEnd = transaction.status === 'pending' || (action === 'cancel' && transaction.status === 'capture')
  if (!mayEnd) return refusal(412, 'Merchant cannot modify the status of the transaction.')
  return json(200, fieldsOf(desk.change(transaction, { status: action === 'cancel' ? 'cancel' : 'expire' }), serverKey))
}

function status({ memory, serverKey }: ApiOptions, { parameters }: HttpRequest): HttpResponse {
  const transaction = memory.all.get(parameters['order']!)
  return transaction && transaction.status !== 'page'
    ? json(200, fieldsOf(transaction, serverKey))
    : refusal(404, "Transaction doesn't exist.")
}

/** A picture in place of a code that no app could pay anyway. */
const picture = (): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'image/svg+xml' },
  body: '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240"><rect width="240" height="240" fill="#fff" stroke="#000"/><text x="120" y="124" text-anchor="middle" font-family="sans-serif">Simulated QR code</text></svg>',
})

/** The provider's interface for merchants, under `/simulators/midtrans`. */
export function apiRoutes(options: ApiOptions): readonly Route[] {
  const expected = Buffer.from(`Basic ${Buffer.from(`${options.serverKey}:`).toString('base64')}`)
  const allowed = ({ headers }: HttpRequest) => {
    const given = Buffer.from(headers['authorization'] ?? '')
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
  const guarded = (handle: (options: ApiOptions, request: HttpRequest) => HttpResponse) => (request: HttpRequest) =>
    allowed(request)
      ? handle(options, request)
      : refusal(401, 'Transaction cannot be authorized with the current client/server key.')
  const post = (path: string, handle: typeof charge): Route => ({
    method: 'POST',
    path: `/simulators/midtrans/${path}`,
    handle: guarded(handle),
  })
  const ending = (action: string): Route =>
    post(`v2/:order/${action}`, (all, request) => act(all, { ...request, parameters: { ...request.parameters, action } }))
  return [
    post('v2/charge', charge),
    post('snap/v1/transactions', openCardPage),
    { method: 'GET', path: '/simulators/midtrans/v2/:order/status', handle: guarded(status) },
    ...['cancel', 'expire', 'refund'].map(ending),
    { method: 'GET', path: '/simulators/midtrans/v2/:type/:transaction/qr-code', handle: picture },
  ]
}
