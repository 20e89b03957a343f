import { isSignedBody, signatureHeader } from '@pasar/logistics/courier/signature'
import type { Clock } from '@pasar/shared/clock'
import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { parseJson } from '@pasar/shared/parse-json'
import type { Remembered } from '../remembered.ts'
import type { Depot } from './depot.ts'
import { isInHand, parcelFrom, type Parcel } from './parcel.ts'

/** What the aggregator's interface works with. */
export interface ApiOptions {
  readonly memory: Remembered<Parcel>
  readonly depot: Depot
  readonly secret: string
  readonly clock: Clock
  /** Notifications are to go out now. */
  wake(): void
}

const refusal = (status: number, error: string): HttpResponse => json(status, { success: false, error })

const signed =
  ({ secret }: ApiOptions, handle: Route['handle']): Route['handle'] =>
  (request) =>
    isSignedBody(request.body, request.headers[signatureHeader], secret)
      ? handle(request)
      : refusal(401, 'The signature does not fit the body')

const fieldsOf = ({ body }: HttpRequest): Readonly<Record<string, unknown>> => {
  const value = body === '' ? {} : parseJson(body)
  return value instanceof Object && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {}
}

/** The same reference gets the same parcel, however often its answer was lost. */
function book({ memory, clock }: ApiOptions, request: HttpRequest): HttpResponse {
  const fields = fieldsOf(request)
  const known = [...memory.all.values()].find(({ referenceId }) => referenceId === fields['reference_id'])
  const parcel = known ?? parcelFrom(fields, clock.now())
  if (!parcel) return refusal(400, 'reference_id, courier_company and courier_type are needed')
  if (!known) memory.save(parcel)
  const { orderId, referenceId, status, company, type, trackingNumber } = parcel
  const courier = { company, type, tracking_id: orderId, waybill_id: trackingNumber }
  return json(200, { success: true, id: orderId, reference_id: referenceId, status, courier })
}

/** A driver is found at once; asking again changes nothing. */
function askForPickup({ memory, depot, clock, wake }: ApiOptions, { parameters }: HttpRequest): HttpResponse {
  const parcel = [...memory.all.values()].find(({ orderId }) => orderId === parameters['order'])
  if (!parcel) return refusal(404, 'There is no such order')
  if (parcel.pickupAskedAt === undefined) {
    const asked = { ...parcel, pickupAskedAt: clock.now().toISOString() }
    memory.save(asked)
    if (asked.status === 'confirmed') depot.move(asked, { status: 'allocated' })
    wake()
  }
  return json(200, { success: true, id: parcel.orderId })
}

/** What has been said of a parcel, or was to be said and was lost. */
function track({ memory }: ApiOptions, { parameters }: HttpRequest): HttpResponse {
  const parcel = [...memory.all.values()].find(({ orderId }) => orderId === parameters['order'])
  if (!parcel) return refusal(404, 'There is no such order')
  const { orderId, referenceId, status, company, type, trackingNumber, moves } = parcel
  const history = moves.map(({ at, ...said }) => ({ ...said, updated_at: at }))
  const courier = { company, type, tracking_id: orderId, waybill_id: trackingNumber, history }
  return json(200, { success: true, id: orderId, reference_id: referenceId, status, courier })
}

/** Whoever never got the answer to a booking names the parcel by reference; asking again changes nothing. */
function cancel({ memory, depot, wake }: ApiOptions, { parameters }: HttpRequest): HttpResponse {
  const name = parameters['order']
  const parcel = [...memory.all.values()].find(({ orderId, referenceId }) => orderId === name || referenceId === name)
  if (!parcel) return refusal(404, 'There is no such order')
  if (isInHand(parcel)) return refusal(409, `A driver has the parcel: it is ${parcel.status}`)
  if (parcel.status !== 'cancelled') depot.move(parcel, { status: 'cancelled' })
  wake()
  return json(200, { success: true, id: parcel.orderId, reference_id: parcel.referenceId, status: 'cancelled' })
}

/** The aggregator's own interface, under `/simulators/courier/v1`. */
export const apiRoutes = (options: ApiOptions): readonly Route[] => [
  { method: 'POST', path: '/simulators/courier/v1/orders', handle: signed(options, (request) => book(options, request)) },
  { method: 'GET', path: '/simulators/courier/v1/orders/:order', handle: signed(options, (request) => track(options, request)) },
  {
    method: 'POST',
    path: '/simulators/courier/v1/orders/:order/pickup',
    handle: signed(options, (request) => askForPickup(options, request)),
  },
  {
    method: 'POST',
    path: '/simulators/courier/v1/orders/:order/cancel',
    handle: signed(options, (request) => cancel(options, request)),
  },
]
