import type { PlacePayload } from '@pasar/schema/events/orders'
import { reach } from '@pasar/shared/points'
import { Unavailable } from '@pasar/shared/problems'
import { parseWord, type Word } from './notification.ts'
import { signatureHeader, signBody } from './signature.ts'

/** What a courier needs to know to bring a parcel. */
export interface Booking {
  readonly origin: PlacePayload
  readonly destination: PlacePayload
  readonly items: readonly { readonly name: string; readonly quantity: number; readonly value: number }[]
}

/** A parcel to book. */
export interface BookingRequest extends Booking {
  readonly shipmentId: string
  readonly courierServiceId: string
  readonly weightGrams: number
}

/** A booked parcel. */
export interface Booked {
  readonly courierOrderId: string
  readonly trackingNumber: string
}

/** What the courier says when it is asked to call a parcel off. */
export interface CancelAnswer {
  readonly isCancelled: boolean
  /** In its own words. */
  readonly note: string | null
}

/** The courier aggregator. All calls may be repeated: the same shipment is booked, fetched and called off once. */
export interface CourierClient {
  book(request: BookingRequest): Promise<Booked>
  requestPickup(courierOrderId: string): Promise<void>
  /** The last that it has said of a parcel, or would have. */
  lastWord(courierOrderId: string): Promise<Word>
  /** By the courier's id, or by the shipment's where the courier's is not known. */
  cancel(orderAtCourier: string): Promise<CancelAnswer>
}

/** Longer than an aggregator takes on a bad day, shorter than the pause before the next try. */
const timeoutMs = 8_000
const noteCharactersMax = 500

type Fields = Readonly<Record<string, unknown>>

interface Answer {
  readonly status: number
  readonly fields: Fields
}

const courierSilent = () =>
  new Unavailable('the courier', { id: 'Kurir sedang tidak menjawab', en: 'The courier does not answer right now' })

/** Speaks the aggregator's HTTP API (Biteship's names and form); throws Unavailable for whatever goes wrong. */
export function courierClient({ url, secret }: { readonly url: string; readonly secret: string }): CourierClient {
  const send = async (path: string, content?: object): Promise<Answer> => {
    const body = content && JSON.stringify(content)
    const headers = { 'content-type': 'application/json', [signatureHeader]: signBody(body ?? '', secret) }
    const asked = body === undefined ? { method: 'GET' } : { method: 'POST', body }
    await reach('asking')
    const request = { ...asked, headers, signal: AbortSignal.timeout(timeoutMs) }
    const response = await fetch(`${url.replace(/\/$/, '')}${path}`, request).catch(() => undefined)
    if (!response) throw courierSilent()
    return { status: response.status, fields: (await response.json().catch(() => ({}))) as Fields }
  }
  const taken = async (path: string, content?: object): Promise<Fields> => {
    const { status, fields } = await send(path, content)
    if (status < 200 || status > 299) throw courierSilent()
    return fields
  }
  return {
    book: async (request) => bookedFrom(await taken('/v1/orders', orderBody(request))),
    requestPickup: async (courierOrderId) => void (await taken(`/v1/orders/${encodeURIComponent(courierOrderId)}/pickup`, {})),
    lastWord: async (courierOrderId) => lastWordFrom(await taken(`/v1/orders/${encodeURIComponent(courierOrderId)}`)),
    cancel: async (orderAtCourier) => cancelAnswerFrom(await send(`/v1/orders/${encodeURIComponent(orderAtCourier)}/cancel`, {})),
  }
}

function bookedFrom({ id, courier }: Fields): Booked {
  const trackingNumber = (courier as { waybill_id?: unknown } | undefined)?.waybill_id
  if (typeof id !== 'string' || typeof trackingNumber !== 'string' || trackingNumber === '') throw courierSilent()
  return { courierOrderId: id, trackingNumber }
}

/** An order at the courier carries all that was said of it, the oldest first. */
function lastWordFrom({ courier }: Fields): Word {
  const history = (courier as { history?: unknown } | undefined)?.history
  const last: unknown = Array.isArray(history) ? history.at(-1) : undefined
  if (!(last instanceof Object)) throw courierSilent()
  return parseWord(last as Fields)
}

/** It does not bring what it does not know. Only its own refusals count: a gateway before it has such numbers, too. */
function cancelAnswerFrom({ status, fields }: Answer): CancelAnswer {
  const { success, error } = fields
  if (status === 200 && fields['status'] === 'cancelled') return { isCancelled: true, note: null }
  if (success !== false || (status !== 404 && status !== 409)) throw courierSilent()
  return { isCancelled: status === 404, note: typeof error === 'string' ? error.slice(0, noteCharactersMax) : null }
}

function orderBody({ shipmentId, courierServiceId, weightGrams, origin, destination, items }: BookingRequest): object {
  const [company = '', ...type] = courierServiceId.split('_')
  return {
    reference_id: shipmentId,
    courier_company: company,
    courier_type: type.join('_'),
    ...contact('origin', origin),
    ...contact('destination', destination),
    weight: weightGrams,
    items,
  }
}

const contact = (end: string, place: PlacePayload) => ({
  [`${end}_contact_name`]: place.name,
  [`${end}_contact_phone`]: place.phone,
  [`${end}_address`]: place.street,
  [`${end}_area_id`]: place.districtCode || place.regencyCode,
  [`${end}_postal_code`]: place.postalCode,
})
