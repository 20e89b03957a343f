import type { PlacePayload } from '@pasar/schema/events'
import { Unavailable } from '@pasar/shared/problems'
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

/** The courier aggregator. Both calls may be repeated: the same shipment is booked, and fetched, once. */
export interface CourierClient {
  book(request: BookingRequest): Promise<Booked>
  requestPickup(courierOrderId: string): Promise<void>
}

/** Longer than an aggregator takes on a bad day, shorter than the pause before the next try. */
const timeoutMs = 8_000

/** Speaks the aggregator's HTTP API (Biteship's names and form); throws Unavailable for whatever goes wrong. */
export function courierClient({ url, secret }: { readonly url: string; readonly secret: string }): CourierClient {
  const post = async (path: string, content: object): Promise<Readonly<Record<string, unknown>>> => {
    const body = JSON.stringify(content)
    const headers = { 'content-type': 'application/json', [signatureHeader]: signBody(body, secret) }
    const request = { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) }
    const response = await fetch(`${url.replace(/\/$/, '')}${path}`, request).catch(() => undefined)
    if (!response?.ok) throw new Unavailable('the courier')
    return (await response.json().catch(() => ({}))) as Readonly<Record<string, unknown>>
  }
  return {
    book: async (request) => bookedFrom(await post('/v1/orders', orderBody(request))),
    requestPickup: async (courierOrderId) => void (await post(`/v1/orders/${encodeURIComponent(courierOrderId)}/pickup`, {})),
  }
}

function bookedFrom({ id, courier }: Readonly<Record<string, unknown>>): Booked {
  const trackingNumber = (courier as { waybill_id?: unknown } | undefined)?.waybill_id
  if (typeof id !== 'string' || typeof trackingNumber !== 'string' || trackingNumber === '') throw new Unavailable('the courier')
  return { courierOrderId: id, trackingNumber }
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
