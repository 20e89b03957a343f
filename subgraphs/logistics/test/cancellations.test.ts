import { json } from '@pasar/shared/http/server'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { acceptOrder, bookedOrder, movesOf, orderForTest, scan, shipmentsOf, startLogistics } from './logistics-for-test.ts'

let logistics: Awaited<ReturnType<typeof startLogistics>>
beforeAll(async () => {
  logistics = await startLogistics()
})
afterAll(() => logistics.stop())
afterEach(() => {
  Object.assign(logistics.courier, { trouble: undefined, meanwhile: undefined, isOff: false, hasFetched: false })
})

type Order = ReturnType<typeof orderForTest>

const read = async ({ orderId, buyer }: Order) => (await shipmentsOf(logistics, orderId, buyer))[0]!
const cancel = ({ cancelled }: Order) => logistics.deliver('orders', cancelled)
const stepsOf = async (order: Order) => (await read(order)).events.edges.map(({ node }) => node.status)
const bookingsOf = (id: string) => logistics.courier.asked.filter((request) => request['reference_id'] === id).length
const cancelsOf = (id: string) => logistics.courier.cancels.filter((order) => order.endsWith(id))

/** Longer than the courier is left alone after the first try. */
const untilTheNextTry = () => logistics.clock.advance(31_000)

const requestPickup = async (shipmentId: string, { seller }: Order, idempotencyKey = 'click') => {
  const query = `mutation ($input: RequestPickupInput!) { requestPickup(input: $input) { __typename
    ... on PickupNotPossible { status } } }`
  const result = await logistics.execute({ query, variables: { input: { shipmentId, idempotencyKey } }, as: seller })
  return result.data!['requestPickup']
}

async function wordsOf(shipmentId: string): Promise<unknown[]> {
  const { pool, stop } = openPostgres({ url: logistics.databaseUrl })
  const query = `SELECT status, outcome, note FROM tracking_event WHERE shipment_id = $1 ORDER BY received_at, id`
  const { rows } = await pool.query<object>(query, [shipmentId])
  await stop()
  return rows
}

describe('an order that is cancelled before its parcel is booked', () => {
  it('is never booked, and told of once', async () => {
    const order = await acceptOrder(logistics)
    await cancel(order)
    await cancel(order)
    const { id, status, trackingNumber } = await read(order)
    expect({ status, trackingNumber }).toEqual({ status: 'CANCELLED', trackingNumber: null })
    untilTheNextTry()
    expect(await movesOf(logistics, id)).toEqual(['CANCELLED'])
    expect([bookingsOf(id), cancelsOf(id)]).toEqual([0, []])
    expect(await stepsOf(order)).toEqual(['CANCELLED'])
    expect(await requestPickup(id, order)).toEqual({ __typename: 'PickupNotPossible', status: 'CANCELLED' })
  })

  it('has no parcel when its acceptance is heard of later', async () => {
    const order = orderForTest()
    await cancel(order)
    await logistics.deliver('orders', order.event)
    await logistics.settle()
    expect(await shipmentsOf(logistics, order.orderId, order.buyer)).toEqual([])
  })

  it('is sent all the same when it was only unpaid then, and was accepted later', async () => {
    const order = orderForTest()
    const { payload } = order.cancelled
    await logistics.deliver('orders', { type: 'OrderCancelled', payload: { ...payload, reason: 'UNPAID', paid: false } })
    await logistics.deliver('orders', order.event)
    await logistics.settle()
    expect(await read(order)).toMatchObject({ status: 'CONFIRMED' })
  })

  it('is not booked when both are heard of at the same time', async () => {
    const before = logistics.courier.asked.length
    const orders = Array.from({ length: 20 }, () => orderForTest())
    await Promise.all(orders.flatMap((order) => [logistics.deliver('orders', order.event), cancel(order)]))
    await logistics.settle()
    expect(logistics.courier.asked.length).toBe(before)
  })

  it('is called off at the courier when the answer to its booking was lost', async () => {
    logistics.courier.trouble = () => json(503, {})
    const order = await acceptOrder(logistics)
    await logistics.settle()
    logistics.courier.trouble = undefined
    await cancel(order)
    await logistics.settle()
    const { id } = await read(order)
    // The booking may be under way for as long as its lease.
    expect(cancelsOf(id)).toEqual([])
    untilTheNextTry()
    await logistics.settle()
    expect([bookingsOf(id), cancelsOf(id)]).toEqual([1, [id]])
    expect(await movesOf(logistics, id)).toEqual(['CANCELLED'])
    expect(await stepsOf(order)).toEqual(['CANCELLED'])
  })

  it('is done with when the booking never reached the courier', async () => {
    logistics.courier.isOff = true
    const order = await acceptOrder(logistics)
    await logistics.settle()
    await cancel(order)
    logistics.courier.isOff = false
    for (let turn = 0; turn < 2; turn++) {
      untilTheNextTry()
      await logistics.settle()
    }
    const { id } = await read(order)
    expect([bookingsOf(id), cancelsOf(id)]).toEqual([0, [id]])
    expect(await wordsOf(id)).toEqual([
      { status: 'CANCELLED', outcome: 'APPLIED', note: null },
      { status: 'CANCELLED', outcome: 'REFUSED', note: 'There is no such order' },
    ])
  })

  it('is called off at the courier when that books it meanwhile', async () => {
    const order = await acceptOrder(logistics)
    logistics.courier.meanwhile = () => cancel(order)
    await logistics.settle()
    const { id, status, trackingNumber } = await read(order)
    expect({ status, trackingNumber }).toEqual({ status: 'CANCELLED', trackingNumber: expect.stringMatching(/^TRK/) as string })
    expect(cancelsOf(id)).toEqual([`order-${id}`])
    expect(await movesOf(logistics, id)).toEqual(['CANCELLED'])
    expect(logistics.published).not.toContainEqual(expect.objectContaining({ type: 'ShipmentBooked', aggregateId: id }))
  })

  it('is called off once more when the booking is answered even later', async () => {
    const order = await acceptOrder(logistics)
    logistics.courier.meanwhile = async () => {
      await cancel(order)
      untilTheNextTry()
      await logistics.subgraph.work()
    }
    await logistics.settle()
    const { id } = await read(order)
    expect(cancelsOf(id)).toEqual([id, `order-${id}`])
    expect(await movesOf(logistics, id)).toEqual(['CANCELLED'])
  })
})

describe('an accepted order that is to be cancelled when the answer to its booking was lost', () => {
  const nextTry = async () => {
    untilTheNextTry()
    await logistics.settle()
  }
  const callOff = ({ orderId, shopId, cancelled }: Order) => {
    const { checkoutId, buyerId } = cancelled.payload
    return logistics.deliver('orders', { type: 'OrderCallingOff', payload: { orderId, checkoutId, buyerId, shopId } })
  }
  const answersFor = async ({ orderId }: Order) => {
    await logistics.settle()
    return logistics.published.flatMap((event) =>
      event.type === 'ParcelCalledOff' && event.payload.orderId === orderId ? [event.payload.stopped] : [],
    )
  }
  const unanswered = async (lost: () => void) => {
    lost()
    const order = await acceptOrder(logistics)
    await logistics.settle()
    Object.assign(logistics.courier, { trouble: undefined, isOff: false })
    await callOff(order)
    const { id } = await read(order)
    expect([await movesOf(logistics, id), await answersFor(order)]).toEqual([[], []])
    return { order, id }
  }
  const lose = () => (logistics.courier.trouble = () => json(503, {}))

  it('goes on when the courier has the parcel, whose number is asked for then, and which is followed as any other', async () => {
    const { order, id } = await unanswered(lose)
    logistics.courier.hasFetched = true
    await nextTry()
    expect([await answersFor(order), await movesOf(logistics, id)]).toEqual([[false], ['PICKED']])
    await nextTry()
    const { status, trackingNumber } = await read(order)
    expect([status, trackingNumber]).toEqual(['CONFIRMED', expect.stringMatching(/^TRK/)])
    await scan(logistics, { trackingNumber, status: 'lost' })
    expect(await movesOf(logistics, id)).toEqual(['PICKED', 'LOST'])
    expect(logistics.published).toContainEqual(expect.objectContaining({ type: 'CourierDueArose', aggregateId: id }))
  })

  it.each([
    ['stops it', lose],
    ['has never heard of it', () => (logistics.courier.isOff = true)],
  ])('ends when the courier %s, and is not booked any more', async (_, lost) => {
    const { order, id } = await unanswered(lost)
    const before = bookingsOf(id)
    for (let turn = 0; turn < 2; turn++) await nextTry()
    expect([await movesOf(logistics, id), await answersFor(order), bookingsOf(id) - before]).toEqual([['CANCELLED'], [], 0])
  })

  it('ends once when the answer comes after all', async () => {
    const order = await acceptOrder(logistics)
    logistics.courier.meanwhile = () => callOff(order)
    await logistics.settle()
    const { id, status, trackingNumber } = await read(order)
    expect([status, trackingNumber]).toEqual(['CANCELLED', expect.stringMatching(/^TRK/)])
    expect([await movesOf(logistics, id), await answersFor(order)]).toEqual([['CANCELLED'], []])
    expect(cancelsOf(id)).toEqual([`order-${id}`])
  })
})

describe('an order that is cancelled when its parcel is booked', () => {
  it('is called off at the courier, and told of once, also when the courier tells of it, too', async () => {
    const order = await bookedOrder(logistics)
    const { shipmentId, trackingNumber } = order
    await cancel(order)
    await cancel(order)
    expect(await movesOf(logistics, shipmentId)).toEqual(['CANCELLED'])
    for (const minute of [-1, 120])
      expect(await scan(logistics, { trackingNumber, status: 'cancelled', minute })).toEqual({ http: 200, outcome: 'DUPLICATE' })
    await cancel(order)
    expect(await movesOf(logistics, shipmentId)).toEqual(['CANCELLED'])
    expect(cancelsOf(shipmentId)).toEqual([`order-${shipmentId}`])
    expect(await stepsOf(order)).toEqual(['CONFIRMED', 'CANCELLED'])
    expect(await requestPickup(shipmentId, order)).toEqual({ __typename: 'PickupNotPossible', status: 'CANCELLED' })
  })

  it.each([
    ['down', json(503, {})],
    ['behind a gateway that knows no such page', json(404, {})],
    ['behind a gateway that is in conflict', json(409, { error: 'conflict' })],
  ])('is asked for again while the courier is %s, and fetched by nobody', async (_, answer) => {
    const order = await bookedOrder(logistics)
    const { shipmentId } = order
    logistics.courier.trouble = () => answer
    await cancel(order)
    await logistics.settle()
    expect((await order.read()).status).toBe('CONFIRMED')
    expect(await requestPickup(shipmentId, order)).toEqual({ __typename: 'PickupNotPossible', status: 'CONFIRMED' })
    logistics.courier.trouble = undefined
    untilTheNextTry()
    expect(await movesOf(logistics, shipmentId)).toEqual(['CANCELLED'])
    expect(cancelsOf(shipmentId)).toHaveLength(2)
    untilTheNextTry()
    await logistics.settle()
    expect(cancelsOf(shipmentId)).toHaveLength(2)
  })

  it('is not fetched any more when that was asked for before', async () => {
    const order = await bookedOrder(logistics)
    logistics.courier.isOff = true
    expect(await requestPickup(order.shipmentId, order)).toEqual({ __typename: 'RequestPickupSuccess' })
    await logistics.settle()
    await cancel(order)
    logistics.courier.isOff = false
    untilTheNextTry()
    expect(await movesOf(logistics, order.shipmentId)).toEqual(['CANCELLED'])
    expect(logistics.courier.pickups).not.toContain(`order-${order.shipmentId}`)
  })

  it('is called off once when several replicas look at the same time', async () => {
    const order = await bookedOrder(logistics)
    await cancel(order)
    await Promise.all(Array.from({ length: 8 }, () => logistics.subgraph.work()))
    expect(await movesOf(logistics, order.shipmentId)).toEqual(['CANCELLED'])
    expect(cancelsOf(order.shipmentId)).toHaveLength(1)
  })

  it('goes on its way when the courier says that it has the parcel, whose word is kept', async () => {
    const order = await bookedOrder(logistics)
    const { shipmentId, trackingNumber } = order
    logistics.courier.hasFetched = true
    await cancel(order)
    await logistics.settle()
    await cancel(order)
    untilTheNextTry()
    expect(await movesOf(logistics, shipmentId)).toEqual(['PICKED'])
    expect(cancelsOf(shipmentId)).toHaveLength(1)
    expect(await wordsOf(shipmentId)).toMatchObject([
      {},
      { status: 'CANCELLED', outcome: 'REFUSED', note: 'It is fetched' },
      { status: 'PICKED', outcome: 'IMPLIED' },
    ])
    await scan(logistics, { trackingNumber, status: 'delivered', minute: 50 })
    expect(await movesOf(logistics, shipmentId)).toEqual(['PICKED', 'DELIVERED'])
    expect(await stepsOf(order)).not.toContain('CANCELLED')
  })

  it('goes on its way without a question when the parcel was fetched', async () => {
    const order = await bookedOrder(logistics)
    await scan(logistics, { trackingNumber: order.trackingNumber, status: 'picked' })
    await cancel(order)
    expect(await movesOf(logistics, order.shipmentId)).toEqual(['PICKED'])
    expect(cancelsOf(order.shipmentId)).toEqual([])
    expect((await order.read()).status).toBe('PICKED')
  })
})
