import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { parseJson } from '@pasar/shared/parse-json'

/**
 * What stands between the market and a provider: it is down; it does what it is asked and its answer gets lost; it refuses for a reason that
 * may pass, or that stays; it lets nobody in.
 */
export type Weather = 'down' | 'lost' | 'passing' | 'refused' | 'shut'

/** What a provider has said to the market about a refund that it does not make. */
export interface Refusal {
  readonly kind: 'refused' | 'spent'
  readonly refundId: string
  /** What it said with it of what has gone back, by its names there. */
  readonly tells: readonly string[]
}

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (body: HttpResponse['body']): Fields => {
  const value = typeof body === 'string' && body !== '' ? parseJson(body) : {}
  return value instanceof Object && !Array.isArray(value) ? (value as Fields) : {}
}

/** How each provider refuses a refund, and a payout. */
const refusals = {
  midtrans: {
    passing: () => json(200, { status_code: '414', status_message: 'Insufficient balance.' }),
    refused: () => json(200, { status_code: '412', status_message: 'Refund is not allowed for this transaction.' }),
  },
  xendit: {
    passing: () => json(400, { error_code: 'INSUFFICIENT_BALANCE' }),
    refused: () => json(400, { error_code: 'REFUND_NOT_SUPPORTED' }),
  },
  payout: {
    passing: () => json(503, {}),
    refused: () => json(400, { error_code: 'API_VALIDATION_ERROR', error_message: 'refused', errors: ['refused'] }),
  },
} as const

/** What a refund that was given back goes by at Midtrans: our key, or the number of the bank's taking it. */
export const nameAtMidtrans = ({ refund_key: key, refund_chargeback_id: id }: Fields): string =>
  typeof key === 'string' ? key : `chargeback ${String(id)}`

/** What Midtrans lists as gone back. */
export const listedAtMidtrans = ({ refunds }: Fields): readonly Fields[] =>
  Array.isArray(refunds) ? (refunds as readonly Fields[]) : []

/** Midtrans' reasons that stay; what else it refuses may pass, until the time for refunds is over. */
const midtransStays: readonly unknown[] = ['402', '404', '412']

/** Who only wants to know what is true is told so, whatever the weather, and has asked for nothing. */
export const justAsking = { 'x-proof': 'asks' }

/** What is known while the market and the providers speak. */
interface Sky {
  readonly over: Map<string, Weather>
  /** Refunds that Midtrans has refused, by payment, until it is asked why: the market asks each time. */
  readonly refusedOf: Map<string, string[]>
  isLate: boolean
  heard(refusal: Refusal): void
}

type Handler = (sky: Sky, route: Route, request: HttpRequest) => Promise<HttpResponse>

const kindOf = ({ path }: Route) => (path.endsWith('payouts') ? 'payout' : path.includes('/midtrans/') ? 'midtrans' : 'xendit')

/** Asks a provider through the weather over what it is asked for. */
async function meet(weather: Weather | undefined, route: Route, request: HttpRequest): Promise<HttpResponse> {
  if (weather === 'down') return json(503, {})
  if (weather === 'shut') return json(401, { error_code: 'INVALID_API_KEY', errors: ['invalid key'] })
  if (weather === 'passing' || weather === 'refused') return refusals[kindOf(route)][weather]()
  const response = await route.handle(request)
  return weather === 'lost' ? json(503, {}) : response
}

const askMidtrans: Handler = async ({ over, refusedOf, isLate }, route, request) => {
  const name = String(fieldsOf(request.body)['refund_key'])
  const response = await meet(over.get(name), route, request)
  const payment = request.parameters['order']!
  const { status_code: code } = fieldsOf(response.body)
  if (midtransStays.includes(code) || (isLate && code === '414'))
    refusedOf.set(payment, [...(refusedOf.get(payment) ?? []), name])
  return response
}

const showMidtrans: Handler = async ({ refusedOf, heard }, route, request) => {
  const response = await route.handle(request)
  const payment = request.parameters['order']!
  const tells = listedAtMidtrans(fieldsOf(response.body)).map(nameAtMidtrans)
  for (const refundId of refusedOf.get(payment) ?? []) heard({ kind: 'refused', refundId, tells })
  refusedOf.delete(payment)
  return response
}

const askXendit: Handler = async ({ over, heard }, route, request) => {
  const refundId = String(fieldsOf(request.body)['reference_id'])
  const response = await meet(over.get(refundId), route, request)
  const code = fieldsOf(response.body)['error_code']
  if (code === 'MAXIMUM_REFUND_AMOUNT_REACHED') heard({ kind: 'spent', refundId, tells: [] })
  if (code === 'REFUND_NOT_SUPPORTED') heard({ kind: 'refused', refundId, tells: [] })
  return response
}

/** A refund that has failed for a reason that may pass is tried three times. */
const showXendit: Handler = async ({ heard }, route, request) => {
  const response = await route.handle(request)
  const { id, status, reference_id: refundId, failure_code: code } = fieldsOf(response.body)
  const isLast = code === undefined || String(id).endsWith(':3')
  if (status === 'FAILED' && isLast) heard({ kind: 'refused', refundId: String(refundId), tells: [] })
  return response
}

const takePayout: Handler = ({ over }, route, request) =>
  meet(over.get(String(request.headers['x-idempotency-key'] ?? request.headers['idempotency-key'])), route, request)

const handlers: Readonly<Record<string, Handler>> = {
  'POST /simulators/midtrans/v2/:order/refund': askMidtrans,
  'GET /simulators/midtrans/v2/:order/status': showMidtrans,
  'POST /simulators/xendit/v3/refunds': askXendit,
  'GET /simulators/xendit/v3/refunds/:id': showXendit,
  'POST /simulators/midtrans/iris/api/v1/payouts': takePayout,
  'POST /simulators/xendit/v2/payouts': takePayout,
}

/** Opens what stands between the market and the simulated providers; `heard` gets what these say no to. */
export function openWeather(heard: (refusal: Refusal) => void) {
  const sky: Sky = { over: new Map(), refusedOf: new Map(), isLate: false, heard }
  const { over } = sky
  const between = (routes: readonly Route[]): readonly Route[] =>
    routes.map((route) => {
      const handler = handlers[`${route.method} ${route.path}`]
      if (!handler) return route
      return {
        ...route,
        handle: (request) => (request.headers['x-proof'] ? route.handle(request) : handler(sky, route, request)),
      }
    })
  return {
    between,
    /** The weather over a refund or a withdrawal, by our name for it, from now on. */
    set: (name: string, weather: Weather) => over.set(name, weather),
    /** It clears up, but for what is refused for good. */
    clear: () => {
      for (const [name, weather] of over) if (weather !== 'refused') over.delete(name)
    },
    /** From now on it is too late for what was refused for a while. */
    late: () => {
      sky.isLate = true
    },
  }
}

/** See openWeather. */
export type OpenWeather = ReturnType<typeof openWeather>
