import type { EventPayloads } from '@pasar/schema/events'
import { json, serve, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { newId } from '@pasar/shared/ids'
import { openLog } from '@pasar/shared/log'
import { parseJson } from '@pasar/shared/parse-json'
import { accountForTest } from '@pasar/shared/testing/account'
import { startForTest, type OpenSubgraph, type TestSubgraph } from '@pasar/shared/testing/subgraph'
import { isSignedBody, signBody, signatureHeader } from '../src/courier/signature.ts'
import { openLogistics } from '../src/subgraph.ts'

export const secret = 'courier-test-secret'

/** A courier that a test can switch off, and that remembers what it was asked. */
export interface FakeCourier {
  readonly url: string
  readonly asked: Record<string, unknown>[]
  readonly pickups: string[]
  /** What it was asked to call off. */
  readonly cancels: string[]
  /** After what it was asked. */
  readonly tracked: string[]
  /** What it says last of a parcel that it is asked after. */
  lastWord?: object | undefined
  /** Whether it never says that it will come for a parcel. */
  refusesPickups?: boolean
  /** Whether it has fetched every parcel. */
  hasFetched?: boolean
  /** Whether nothing reaches it. */
  isOff?: boolean
  /** Answers instead of the courier, which has done what it was asked, while it is set. */
  trouble?: (() => HttpResponse) | undefined
  /** What happens while the courier books, or is asked after a parcel. */
  meanwhile?: ((id: string) => Promise<void>) | undefined
  stop(): Promise<void>
}

async function openFakeCourier(): Promise<FakeCourier> {
  const numbers = new Map<string, string>()
  const asked: Record<string, unknown>[] = []
  const pickups: string[] = []
  const cancels: string[] = []
  const tracked: string[] = []
  const guarded =
    (answer: (body: string, id: string) => HttpResponse | Promise<HttpResponse>): Route['handle'] =>
    async ({ headers, body, parameters }) => {
      if (!isSignedBody(body, headers[signatureHeader], secret)) return json(401, {})
      if (courier.isOff) return json(503, {})
      const result = await answer(body, parameters['id'] ?? '')
      return courier.trouble?.() ?? result
    }
  const book = guarded(async (body) => {
    const request = parseJson(body) as Record<string, string>
    asked.push(request)
    const reference = request['reference_id']!
    if (!numbers.has(reference)) numbers.set(reference, `TRK${numbers.size + 1}`)
    await courier.meanwhile?.(reference)
    return json(200, { id: `order-${reference}`, courier: { waybill_id: numbers.get(reference) }, status: 'confirmed' })
  })
  const pickup = guarded((_, id) => {
    pickups.push(id)
    return courier.refusesPickups ? json(409, { success: false, error: 'Not now' }) : json(200, {})
  })
  const track = guarded(async (_, id) => {
    tracked.push(id)
    await courier.meanwhile?.(id)
    return json(200, { courier: { history: [{ status: 'confirmed', updated_at: '2026-01-01T00:00:00Z' }, courier.lastWord] } })
  })
  const cancel = guarded((_, id) => {
    cancels.push(id)
    if (!numbers.has(id.replace('order-', ''))) return json(404, { success: false, error: 'There is no such order' })
    return courier.hasFetched ? json(409, { success: false, error: 'It is fetched' }) : json(200, { status: 'cancelled' })
  })
  const routes: Route[] = [
    { method: 'POST', path: '/v1/orders', handle: book },
    { method: 'GET', path: '/v1/orders/:id', handle: track },
    { method: 'POST', path: '/v1/orders/:id/pickup', handle: pickup },
    { method: 'POST', path: '/v1/orders/:id/cancel', handle: cancel },
  ]
  const http = await serve(routes, { host: '127.0.0.1', port: 0, log: openLog('silent', 'courier') })
  const courier: FakeCourier = { url: `http://127.0.0.1:${http.port}`, asked, pickups, cancels, tracked, stop: http.stop }
  return courier
}

/** Logistics with a courier of its own. */
export async function startLogistics(
  open: OpenSubgraph = openLogistics,
): Promise<TestSubgraph & { readonly courier: FakeCourier }> {
  const courier = await openFakeCourier()
  const logistics = await startForTest('logistics', open, { COURIER_URL: courier.url, COURIER_SECRET: secret })
  const stop = async () => {
    await logistics.stop()
    await courier.stop()
  }
  return { ...logistics, courier, stop }
}

type Logistics = Awaited<ReturnType<typeof startLogistics>>

const place = (regencyCode: string) => ({
  name: 'Sri',
  phone: '+62811000111',
  street: 'Jl. Melati 3',
  districtCode: `${regencyCode}.05`,
  regencyCode,
  postalCode: '11530',
})

/** A buyer's order at a seller's, and the events that tell of it. */
export function orderForTest(change: Partial<EventPayloads['OrderAccepted']> = {}) {
  const shopId = newId('shop')
  const [buyer, seller] = [accountForTest(), accountForTest(['seller'], [shopId])]
  const payload: EventPayloads['OrderAccepted'] = {
    orderId: newId('order'),
    checkoutId: newId('checkout'),
    buyerId: buyer.accountId,
    shopId,
    courierServiceId: 'jne_reg',
    shippingCost: 19_000,
    weightGrams: 1310,
    origin: place('31.73'),
    destination: place('32.73'),
    lines: [
      {
        orderLineId: newId('orderLine'),
        variantId: newId('variant'),
        productId: newId('product'),
        sku: 'KG-250',
        title: 'Kopi Gayo',
        quantity: 2,
        unitPrice: 53_500,
      },
    ],
    ...change,
  }
  const { orderId, checkoutId, buyerId, lines } = payload
  const end = { orderId, checkoutId, buyerId, shopId, lines, reason: 'CANCELLED_BY_STAFF', paid: true } as const
  const event = { type: 'OrderAccepted', payload } as const
  return { buyer, seller, orderId, shopId, event, cancelled: { type: 'OrderCancelled', payload: end } as const }
}

/** An accepted order of a buyer and a seller. */
export async function acceptOrder(logistics: Logistics, change: Partial<EventPayloads['OrderAccepted']> = {}) {
  const order = orderForTest(change)
  await logistics.deliver('orders', order.event)
  return order
}

/** What was told of a parcel's moves. */
export async function movesOf(logistics: Logistics, shipmentId: string): Promise<string[]> {
  await logistics.settle()
  return logistics.published.flatMap((event) =>
    event.type === 'ShipmentMoved' && event.payload.shipmentId === shipmentId ? [event.payload.status] : [],
  )
}

const shipmentFields = `id trackingNumber status direction weightGrams pickupRequestedAt order { id } shop { id } courierService { id name }
  origin { regencyCode name } destination { regencyCode name } shippingCost { amount } etdDaysMin etdDaysMax
  events { edges { node { status location note occurredAt } } pageInfo { hasNextPage } }`

export interface ShipmentView {
  readonly id: string
  readonly trackingNumber: string
  readonly status: string
  readonly pickupRequestedAt: string | null
  readonly shippingCost: { readonly amount: number }
  readonly events: { readonly edges: readonly { readonly node: { readonly status: string; readonly location: string | null } }[] }
}

/** The shipments of an order as a viewer sees them. */
export async function shipmentsOf(
  logistics: Logistics,
  orderId: string,
  as: ReturnType<typeof accountForTest>,
): Promise<ShipmentView[]> {
  const query = `query ($id: ID!) { _entities(representations: [{ __typename: "Order", id: $id }]) {
    ... on Order { shipments { ${shipmentFields} } } } }`
  const result = await logistics.execute<{ _entities: [{ shipments: ShipmentView[] }] }>({
    query,
    variables: { id: orderId },
    as,
  })
  if (result.errors) throw new Error(JSON.stringify(result.errors))
  return result.data!._entities[0].shipments
}

/** An order whose parcel is booked. */
export async function bookedOrder(logistics: Logistics) {
  const order = await acceptOrder(logistics)
  await logistics.settle()
  const [shipment] = await shipmentsOf(logistics, order.orderId, order.buyer)
  const read = async () => (await shipmentsOf(logistics, order.orderId, order.buyer))[0]!
  return { ...order, shipmentId: shipment!.id, trackingNumber: shipment!.trackingNumber, read }
}

let scans = 0

/** What the courier says of a parcel. */
export interface TestScan {
  readonly trackingNumber: string
  readonly status: string
  readonly minute?: number
  readonly eventId?: string
  readonly signature?: string
  readonly location?: string
}

/** Sends a courier's notification; `minute` counts from the test's noon. */
export async function scan(logistics: Logistics, { trackingNumber, status, minute = 0, eventId, signature, location }: TestScan) {
  scans += 1
  const updated_at = new Date(logistics.clock.now().getTime() - 3_600_000 + minute * 60_000).toISOString()
  const fields = {
    event_id: eventId ?? `evt-${scans}`,
    courier_waybill_id: trackingNumber,
    status,
    updated_at,
    ...(location && { location }),
  }
  return notify(logistics, JSON.stringify(fields), signature)
}

/** Sends a notification as it is, signed unless told otherwise; gives status and outcome. */
export async function notify(logistics: Logistics, body: string, signature = signBody(body, secret)) {
  const route = logistics.subgraph.routes.find(({ path }) => path === '/notifications/courier')!
  const http = await serve([route], { host: '127.0.0.1', port: 0, log: openLog('silent', 'test') })
  const headers = { [signatureHeader]: signature }
  const response = await fetch(`http://127.0.0.1:${http.port}/notifications/courier`, { method: 'POST', headers, body })
  const answer = (await response.json()) as { outcome?: string; errors?: readonly { extensions: object }[] }
  await http.stop()
  return { http: response.status, ...answer }
}
