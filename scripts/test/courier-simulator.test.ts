import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signBody, signatureHeader } from '@pasar/logistics/courier/signature'
import { openLogistics } from '@pasar/logistics/subgraph'
import { serve, type HttpServer } from '@pasar/shared/http/server'
import { newId } from '@pasar/shared/ids'
import { openLog } from '@pasar/shared/log'
import { accountForTest } from '@pasar/shared/testing/account'
import { startForTest, type TestSubgraph } from '@pasar/shared/testing/subgraph'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCourierSimulator, type CourierSimulator } from '../src/simulators/courier.ts'

const secret = 'simulator-secret'
const log = openLog('silent', 'simulator')
const folder = mkdtempSync(join(tmpdir(), 'pasar-courier-'))

let http: HttpServer
let simulator: CourierSimulator
let logistics: TestSubgraph
let base: string
const open = () => {
  const notificationUrl = `http://127.0.0.1:${http.port}/notifications/courier`
  return openCourierSimulator({ folder, notificationUrl, secret, clock: logistics.clock, log, background: false })
}

beforeAll(async () => {
  http = await serve([], { host: '127.0.0.1', port: 0, log })
  base = `http://127.0.0.1:${http.port}/simulators/courier`
  logistics = await startForTest('logistics', openLogistics, { COURIER_URL: base, COURIER_SECRET: secret })
  simulator = open()
  http.mount([...simulator.routes, ...logistics.subgraph.routes])
})
afterAll(async () => {
  await simulator.stop()
  await logistics.stop()
  await http.stop()
  rmSync(folder, { recursive: true })
})

const read = `query ($id: ID!) { _entities(representations: [{ __typename: "Order", id: $id }]) { ... on Order { shipments {
  id status trackingNumber events { edges { node { status location note } } } } } } }`

interface Shipment {
  readonly id: string
  readonly status: string
  readonly trackingNumber: string
  readonly events: { readonly edges: readonly { readonly node: { readonly status: string; readonly location: string | null } }[] }
}

const place = {
  name: 'Sri',
  phone: '+62811',
  street: 'Jl. Melati 3',
  districtCode: '31.73.05',
  regencyCode: '31.73',
  postalCode: '11530',
}

/** An accepted order whose parcel is booked at the simulator. */
async function ship() {
  const shopId = newId('shop')
  const seller = accountForTest(['seller'], [shopId])
  const orderId = newId('order')
  const ids = { orderId, checkoutId: newId('checkout'), buyerId: newId('account'), shopId }
  const parcel = {
    courierServiceId: 'anteraja_next_day',
    shippingCost: 9_000,
    weightGrams: 500,
    origin: place,
    destination: place,
    lines: [],
  }
  await logistics.deliver('orders', { type: 'OrderAccepted', payload: { ...ids, ...parcel } })
  await logistics.settle()
  const see = async (): Promise<Shipment> => {
    const result = await logistics.execute<{ _entities: [{ shipments: Shipment[] }] }>({
      query: read,
      variables: { id: orderId },
      as: seller,
    })
    return result.data!._entities[0].shipments[0]!
  }
  const { id, trackingNumber } = await see()
  const press = async (action: string, body: object = {}) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${base}/${trackingNumber}/${action}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { http: response.status, ...((await response.json()) as { status?: string }) }
  }
  const steps = async () => (await see()).events.edges.map(({ node }) => node.status)
  const cancel = () => {
    const payload = { ...ids, lines: [], reason: 'CANCELLED_BY_STAFF', paid: true } as const
    return logistics.deliver('orders', { type: 'OrderCancelled', payload })
  }
  return { id, trackingNumber, seller, see, press, steps, cancel }
}

/** Asks the simulator to call a parcel off, as logistics does. */
async function callOff(order: string) {
  const headers = { 'content-type': 'application/json', [signatureHeader]: signBody('{}', secret) }
  const response = await fetch(`${base}/v1/orders/${order}/cancel`, { method: 'POST', headers, body: '{}' })
  return { http: response.status, ...((await response.json()) as object) }
}

describe('the simulated courier', () => {
  it('brings a parcel to its buyer, a button at a time', async () => {
    const { press, see, steps, trackingNumber } = await ship()
    expect(trackingNumber).toMatch(/^ANTERAJA\d{12}$/)
    for (const status of ['allocated', 'picking_up', 'picked', 'dropping_off', 'delivered']) {
      logistics.clock.advance(60_000)
      expect(await press('advance')).toMatchObject({ http: 200, status })
      await simulator.run()
    }
    expect((await see()).status).toBe('DELIVERED')
    expect(await steps()).toEqual(['CONFIRMED', 'ALLOCATED', 'PICKING_UP', 'PICKED', 'DROPPING_OFF', 'DELIVERED'])
    expect(await press('advance')).toMatchObject({ http: 409 })
  })

  it('says what it is told to say, twice, forged and late, and the parcel moves once', async () => {
    const { press, see } = await ship()
    await press('advance', { status: 'picked', location: 'Gudang Cakung', note: 'Diambil', duplicate: 2, forge: true })
    expect(await simulator.run()).toBe(4)
    const { status, events } = await see()
    expect(status).toBe('PICKED')
    expect(events.edges.map(({ node }) => node)).toMatchObject([
      {},
      { status: 'PICKED', location: 'Gudang Cakung', note: 'Diambil' },
    ])
    await press('advance', { status: 'on_hold', delaySeconds: 60 })
    logistics.clock.advance(30_000)
    await press('advance')
    await simulator.run()
    expect((await see()).status).toBe('DROPPING_OFF')
    logistics.clock.advance(30_000)
    await simulator.run()
    expect((await see()).status).toBe('DROPPING_OFF')
  })

  it('moves a parcel along by itself at the pace that it was given', async () => {
    const { press, steps } = await ship()
    expect(await press('auto', { everyMs: 500 })).toMatchObject({ http: 200 })
    await simulator.run()
    expect(await steps()).toHaveLength(1)
    for (let step = 0; step < 6; step++) {
      logistics.clock.advance(500)
      await simulator.run()
    }
    expect(await steps()).toHaveLength(6)
  })

  it('sends a driver when the seller asks for one', async () => {
    const { id, seller, see } = await ship()
    const query = 'mutation ($input: RequestPickupInput!) { requestPickup(input: $input) { __typename } }'
    await logistics.execute({ query, variables: { input: { shipmentId: id, idempotencyKey: 'click' } }, as: seller })
    await logistics.settle()
    await simulator.run()
    expect((await see()).status).toBe('ALLOCATED')
  })

  it('calls the parcel of a cancelled order off, and says so as often as it is asked', async () => {
    const { id, trackingNumber, press, see, steps, cancel } = await ship()
    await press('auto', { everyMs: 500 })
    await cancel()
    await logistics.settle()
    expect((await see()).status).toBe('CANCELLED')
    for (const again of [id, id]) expect(await callOff(again)).toMatchObject({ http: 200, success: true, status: 'cancelled' })
    logistics.clock.advance(500)
    await simulator.run()
    await logistics.settle()
    expect(await steps()).toEqual(['CONFIRMED', 'CANCELLED'])
    expect(await (await fetch(`${base}/${trackingNumber}`)).json()).toMatchObject({
      moves: [{ status: 'confirmed' }, { status: 'cancelled' }],
      notificationsWaiting: 0,
    })
    expect(await press('advance')).toMatchObject({ http: 409 })
  })

  it('brings what a driver has, though its order is cancelled', async () => {
    const { id, press, see, cancel } = await ship()
    await press('advance', { status: 'picked', delaySeconds: 60 })
    await cancel()
    await logistics.settle()
    expect((await see()).status).toBe('CONFIRMED')
    await press('advance', { status: 'on_hold', delaySeconds: 60 })
    expect(await callOff(id)).toMatchObject({ http: 409, success: false, error: 'A driver has the parcel: it is on_hold' })
    logistics.clock.advance(60_000)
    await simulator.run()
    expect((await see()).status).toBe('ON_HOLD')
  })

  it('calls nothing off that it does not know, or for those who do not sign', async () => {
    const { id, see } = await ship()
    expect(await callOff('order-1')).toMatchObject({ http: 404, success: false })
    expect((await fetch(`${base}/v1/orders/${id}/cancel`, { method: 'POST', body: '{}' })).status).toBe(401)
    await simulator.run()
    expect((await see()).status).toBe('CONFIRMED')
  })

  it('says what it has said when it is asked after a parcel, as the market does when it has long heard nothing', async () => {
    const { press, see } = await ship()
    await press('advance', { status: 'delivered', note: 'Diterima satpam', delaySeconds: 86_400 })
    logistics.clock.advance(3 * 86_400_000)
    await logistics.settle()
    const { status, events } = await see()
    expect([status, events.edges.at(-1)!.node]).toMatchObject(['DELIVERED', { note: 'Diterima satpam' }])
    expect((await fetch(`${base}/v1/orders/order-1`)).status).toBe(401)
    await simulator.run()
  })

  it('forgets nothing over a restart: parcels, and notifications that wait', async () => {
    const { press, see } = await ship()
    await press('advance', { delaySeconds: 5 })
    await simulator.stop()
    logistics.clock.advance(5_000)
    await open().run()
    expect((await see()).status).toBe('ALLOCATED')
  })

  it('sends again what was not taken', async () => {
    const { press, see } = await ship()
    await press('advance')
    const silent = openCourierSimulator({
      folder,
      notificationUrl: 'http://127.0.0.1:9/',
      secret,
      clock: logistics.clock,
      log,
      background: false,
    })
    await silent.run()
    expect((await see()).status).toBe('CONFIRMED')
    logistics.clock.advance(1_000)
    await open().run()
    expect((await see()).status).toBe('ALLOCATED')
  })

  it('books nothing for those who do not sign', async () => {
    const response = await fetch(`${base}/v1/orders`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(401)
  })

  it.each([
    ['advance', { status: 'teleported' }, 'status'],
    ['advance', { location: 7 }, 'location'],
    ['advance', { duplicate: -1 }, 'duplicate'],
    ['advance', { forge: 'yes' }, 'forge'],
    ['auto', { everyMs: 1.5 }, 'everyMs'],
  ])('answers %s with %o by the field and what was expected', async (action, body, field) => {
    const { press } = await ship()
    expect(await press(action, body)).toMatchObject({ http: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT', field } }] })
  })

  it('shows what is on its way, and answers unknown parcels with 404', async () => {
    const { trackingNumber } = await ship()
    expect(await (await fetch(base)).text()).toContain(trackingNumber)
    expect(await (await fetch(`${base}/${trackingNumber}`)).json()).toMatchObject({ trackingNumber, status: 'confirmed' })
    expect((await fetch(`${base}/NOBODY1`)).status).toBe(404)
  })
})
