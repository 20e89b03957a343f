import { timingSafeEqual } from 'node:crypto'
import type { Clock } from '@pasar/shared/clock'
import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { bodyOf, type Fields } from '../fields.ts'
import type { Remembered } from '../remembered.ts'
import type { Desk } from './desk.ts'
import {
  disputeFields,
  goneSoFar,
  refundFields,
  requestFrom,
  requestId,
  sessionId,
  type GivenBack,
  type PaymentRequest,
} from './request.ts'

/** What the provider's interface works with. */
export interface ApiOptions {
  readonly memory: Remembered<PaymentRequest>
  readonly desk: Desk
  readonly secretKey: string
  readonly clock: Clock
}

const refusal = (status: number, code: string): HttpResponse => json(status, { error_code: code, message: code })
const unknown = () => refusal(404, 'DATA_NOT_FOUND')

const pageOf = ({ headers }: HttpRequest, { referenceId }: PaymentRequest) =>
  `http://${/^[\w.:[\]-]{1,100}$/.test(headers['host'] ?? '') ? headers['host'] : 'localhost'}/simulators/xendit#${referenceId}`

/** What the buyer has to do, by channel. */
function actionsOf(request: PaymentRequest, page: string): readonly Fields[] {
  const { channel, vaNumber, referenceId } = request
  if (channel.endsWith('VIRTUAL_ACCOUNT'))
    return [{ type: 'PRESENT_TO_CUSTOMER', descriptor: 'VIRTUAL_ACCOUNT_NUMBER', value: vaNumber }]
  if (channel === 'QRIS')
    return [{ type: 'PRESENT_TO_CUSTOMER', descriptor: 'QR_STRING', value: `00020101021226SIMULATOR${referenceId}` }]
  return [{ type: 'REDIRECT_CUSTOMER', descriptor: channel === 'DANA' ? 'WEB_URL' : 'DEEPLINK_URL', value: page }]
}

const pageWords: Readonly<Partial<Record<PaymentRequest['status'], string>>> = {
  REQUIRES_ACTION: 'ACTIVE',
  SUCCEEDED: 'COMPLETED',
}

function fieldsOf(request: PaymentRequest, page: string): Fields {
  const { referenceId, amount, status, isPage, channel } = request
  const common = { reference_id: referenceId, currency: 'IDR', country: 'ID' }
  if (!isPage)
    return {
      ...common,
      payment_request_id: requestId(request),
      request_amount: amount,
      channel_code: channel,
      status,
      actions: actionsOf(request, page),
    }
  const paid = status === 'SUCCEEDED' ? { payment_request_id: requestId(request) } : {}
  const word = pageWords[status] ?? status
  return { ...common, payment_session_id: sessionId(request), amount, status: word, payment_link_url: page, ...paid }
}

/** The same idempotency key, which is the reference here, gets the same payment. */
function create({ memory, desk, clock }: ApiOptions, request: HttpRequest, isPage: boolean): HttpResponse {
  const made = requestFrom(bodyOf(request), isPage, clock.now())
  if (!made) return refusal(400, 'API_VALIDATION_ERROR')
  const known = memory.all.get(made.referenceId)
  if (known && (known.amount !== made.amount || known.channel !== made.channel)) return refusal(409, 'DUPLICATE_ERROR')
  if (!known) desk.save(made)
  return json(201, fieldsOf(known ?? made, pageOf(request, made)))
}

/** Names carry the merchant's reference behind three characters. */
const find = ({ memory }: ApiOptions, { parameters }: HttpRequest) => memory.all.get(parameters['id']!.slice(3))

function show(options: ApiOptions, request: HttpRequest): HttpResponse {
  const found = find(options, request)
  return found ? json(200, fieldsOf(found, pageOf(request, found))) : unknown()
}

function cancel(options: ApiOptions, request: HttpRequest): HttpResponse {
  const found = find(options, request)
  if (!found) return unknown()
  if (found.status !== 'REQUIRES_ACTION') return refusal(400, 'INELIGIBLE_TRANSACTION')
  return json(200, fieldsOf(options.desk.end(found, 'CANCELED'), pageOf(request, found)))
}

/** The same idempotency key gets the same refund; one that failed is made under another. */
function refund({ memory, desk }: ApiOptions, request: HttpRequest): HttpResponse {
  const { reference_id: referenceId, payment_request_id: of, amount } = bodyOf(request)
  const found = memory.all.get(String(of).slice(3))
  if (!found || typeof referenceId !== 'string') return unknown()
  const id = `rfd-${request.headers['idempotency-key'] ?? referenceId}`
  const before = found.refunds.find((one) => one.id === id)
  if (before) return json(200, refundFields(found, before))
  if (found.channel.endsWith('VIRTUAL_ACCOUNT')) return refusal(400, 'REFUND_NOT_SUPPORTED')
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount <= 0) return refusal(400, 'API_VALIDATION_ERROR')
  if (found.status !== 'SUCCEEDED') return refusal(403, 'INELIGIBLE_TRANSACTION')
  if (goneSoFar(found) + amount > found.amount) return refusal(400, 'MAXIMUM_REFUND_AMOUNT_REACHED')
  const made: GivenBack = { id, referenceId, amount, status: 'PENDING' }
  desk.save({ ...found, refunds: [...found.refunds, made] })
  return json(200, refundFields(found, made))
}

function showRefund({ memory }: ApiOptions, { parameters }: HttpRequest): HttpResponse {
  for (const request of memory.all.values()) {
    const found = request.refunds.find(({ id }) => id === parameters['id'])
    if (found) return json(200, refundFields(request, found))
  }
  return unknown()
}

function showDispute({ memory }: ApiOptions, { parameters }: HttpRequest): HttpResponse {
  for (const request of memory.all.values()) {
    const found = request.disputes?.find(({ id }) => id === parameters['id'])
    if (found) return json(200, disputeFields(request, found))
  }
  return unknown()
}

/** The provider's interface for merchants, under `/simulators/xendit`. */
export function xenditApiRoutes(options: ApiOptions): readonly Route[] {
  const expected = Buffer.from(`Basic ${Buffer.from(`${options.secretKey}:`).toString('base64')}`)
  const allowed = ({ headers }: HttpRequest) => {
    const given = Buffer.from(headers['authorization'] ?? '')
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
  const route = (
    method: Route['method'],
    path: string,
    handle: (all: ApiOptions, request: HttpRequest) => HttpResponse,
  ): Route => ({
    method,
    path: `/simulators/xendit/${path}`,
    handle: (request) => (allowed(request) ? handle(options, request) : refusal(401, 'INVALID_API_KEY')),
  })
  return [
    route('POST', 'v3/payment_requests', (all, request) => create(all, request, false)),
    route('GET', 'v3/payment_requests/:id', show),
    route('POST', 'v3/payment_requests/:id/cancel', cancel),
    route('POST', 'sessions', (all, request) => create(all, request, true)),
    route('GET', 'sessions/:id', show),
    route('POST', 'sessions/:id/cancel', cancel),
    route('POST', 'v3/refunds', refund),
    route('GET', 'v3/refunds/:id', showRefund),
    route('GET', 'v1/disputes/:id', showDispute),
  ]
}
