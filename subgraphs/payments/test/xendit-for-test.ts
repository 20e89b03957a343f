import { json, serve, type HttpRequest, type HttpResponse } from '@pasar/shared/http/server'
import { openLog } from '@pasar/shared/log'
import { parseJson } from '@pasar/shared/parse-json'

export const callbackToken = 'test-callback-token'

type Fields = Record<string, unknown>

/** A Xendit that says what a test tells it to. */
export interface XenditForTest {
  readonly settings: Readonly<Record<string, string>>
  /** Answers a payment that is asked for; its buyer can pay it where nothing else is said. */
  onCharge: (body: Fields) => HttpResponse
  /** Idempotency keys of the refunds that were asked for, in order. */
  readonly refundKeys: string[]
  /** Answers a refund that is asked for; it is pending where nothing else is said. */
  onRefund: (body: Fields) => HttpResponse
  /** What a refund says of itself when it is asked about, unless that answer gets lost. */
  refund: Fields
  isRefundHidden: boolean
  /** Answers a payout that is sent. */
  onPayout: (body: Fields) => HttpResponse
  /** What a payout says of itself when it is asked for. */
  payout: Fields
  stop(): Promise<void>
}

/** What Xendit tells of a payment that is paid. */
export const captureOf = ({ paymentId, amount }: { readonly paymentId: string; readonly amount: number }) => ({
  payment_id: `py-${paymentId}`,
  payment_request_id: `pr-${paymentId}`,
  reference_id: paymentId,
  request_amount: amount,
  currency: 'IDR',
  channel_code: 'GOPAY',
  status: 'SUCCEEDED',
})

/** The answer got lost. */
export const lost = () => json(503, {})

const payable = (body: Fields) =>
  json(201, {
    payment_request_id: `pr-${String(body['reference_id'])}`,
    reference_id: body['reference_id'],
    currency: 'IDR',
    request_amount: body['request_amount'],
    status: 'REQUIRES_ACTION',
    actions: [{ descriptor: 'DEEPLINK_URL', value: 'https://pay.example/app' }],
  })

const namedIn = (url: string, one: Fields) => (url.endsWith(`?reference_id=${String(one['reference_id'])}`) ? [one] : [])

/** Opens a stand-in of Xendit, which is asked before Midtrans. */
export async function openXenditForTest(): Promise<XenditForTest> {
  const refundKeys: string[] = []
  const state = {
    onCharge: payable,
    onRefund: (_body: Fields) => json(200, { id: 'rfd-1', status: 'PENDING' }),
    refund: { id: 'rfd-1', status: 'PENDING' } as Fields,
    isRefundHidden: false,
    onPayout: (body: Fields) => json(200, { ...payoutOf(body), status: 'ACCEPTED' }),
    payout: {} as Fields,
  }
  const bodyOf = ({ body }: HttpRequest) => parseJson(body) as Fields
  const askRefund = (request: HttpRequest) => {
    refundKeys.push(request.headers['idempotency-key']!)
    return state.onRefund(bodyOf(request))
  }
  const http = await serve(
    [
      { method: 'POST', path: '/v3/payment_requests', handle: (request) => state.onCharge(bodyOf(request)) },
      { method: 'POST', path: '/v3/refunds', handle: askRefund },
      { method: 'GET', path: '/v3/refunds/:id', handle: () => (state.isRefundHidden ? lost() : json(200, state.refund)) },
      { method: 'POST', path: '/v2/payouts', handle: (request) => state.onPayout(bodyOf(request)) },
      { method: 'GET', path: '/v2/payouts', handle: ({ url }) => json(200, { data: namedIn(url, state.payout) }) },
    ],
    { host: '127.0.0.1', port: 0, log: openLog('silent', 'xendit') },
  )
  const settings = {
    PAYMENT_PROVIDER: 'xendit',
    XENDIT_URL: `http://127.0.0.1:${http.port}`,
    XENDIT_CALLBACK_TOKEN: callbackToken,
  }
  return Object.assign(state, { settings, refundKeys, stop: () => http.stop() })
}

/** What is said of a payout, but for how it stands. */
export const payoutOf = ({ reference_id, amount }: Fields): Fields => ({
  id: `po-${String(reference_id)}`,
  reference_id,
  amount,
  currency: 'IDR',
})
