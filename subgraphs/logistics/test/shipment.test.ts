import { json } from '@pasar/shared/http/server'
import { newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptOrder, bookedOrder, scan, shipmentsOf, startLogistics } from './logistics-for-test.ts'

let logistics: Awaited<ReturnType<typeof startLogistics>>
beforeAll(async () => {
  logistics = await startLogistics()
})
afterAll(() => logistics.stop())

const eventsOf = (orderId: string) =>
  logistics.published.filter(({ payload }) => 'orderId' in payload && payload.orderId === orderId)

async function countOf(table: string): Promise<number> {
  const { pool, stop } = openPostgres({ url: logistics.databaseUrl })
  const { rows } = await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)
  await stop()
  return rows[0]!.n
}

/** An order whose errand has waited so often that it is tried no more than every ten minutes. */
async function acceptWhileCourierIsAway() {
  logistics.courier.isOff = true
  const accepted = await acceptOrder(logistics)
  for (let tries = 0; tries < 12; tries++) {
    await logistics.settle()
    logistics.clock.advance(601_000)
  }
  logistics.courier.isOff = false
  return accepted
}

describe('an accepted order', () => {
  it('gets one shipment, which is booked at the courier and told of', async () => {
    const { orderId, buyer, event, shopId } = await acceptOrder(logistics)
    expect(await shipmentsOf(logistics, orderId, buyer)).toMatchObject([{ status: 'REQUESTED', trackingNumber: null }])
    await logistics.deliver('orders', event)
    await logistics.settle()
    const [shipment, ...others] = await shipmentsOf(logistics, orderId, buyer)
    expect(others).toEqual([])
    expect(await countOf('parked_event')).toBe(0)
    expect(shipment).toMatchObject({
      status: 'CONFIRMED',
      trackingNumber: expect.stringMatching(/^TRK/) as string,
      order: { id: orderId },
      shop: { id: shopId },
      courierService: { id: 'jne_reg', name: 'Reguler' },
      origin: { regencyCode: '31.73', name: expect.stringContaining('Jakarta Barat') as string },
      destination: { regencyCode: '32.73' },
      shippingCost: { amount: 19_000 },
      etdDaysMin: 2,
      etdDaysMax: 3,
      events: { edges: [{ node: { status: 'CONFIRMED' } }] },
    })
    expect(eventsOf(orderId)).toMatchObject([
      { type: 'ShipmentBooked', payload: { trackingNumber: shipment!.trackingNumber, shopId } },
    ])
    const asked = logistics.courier.asked.filter((request) => request['reference_id'] === shipment!.id)
    expect(asked).toMatchObject([
      {
        courier_company: 'jne',
        courier_type: 'reg',
        weight: 1310,
        destination_postal_code: '11530',
        items: [{ name: 'Kopi Gayo', quantity: 2 }],
      },
    ])
  })

  it('waits for a courier that is down, and is booked once when it is back', async () => {
    logistics.courier.trouble = () => json(503, {})
    const { orderId, buyer } = await acceptOrder(logistics)
    await logistics.settle()
    expect(await shipmentsOf(logistics, orderId, buyer)).toMatchObject([{ status: 'REQUESTED' }])
    logistics.courier.trouble = undefined
    await logistics.settle()
    expect(await shipmentsOf(logistics, orderId, buyer)).toMatchObject([{ status: 'REQUESTED' }])
    logistics.clock.advance(31_000)
    await logistics.settle()
    const [shipment] = await shipmentsOf(logistics, orderId, buyer)
    expect(shipment).toMatchObject({ status: 'CONFIRMED' })
    // The courier had taken the first call and its answer was lost: the same reference gets the same number.
    expect(logistics.courier.asked.filter((request) => request['reference_id'] === shipment!.id)).toHaveLength(2)
    expect(eventsOf(orderId)).toHaveLength(1)
  })

  it('is booked soon after a process died over it, however long the courier was away before', async () => {
    const { orderId, buyer } = await acceptWhileCourierIsAway()
    let answer: (() => void) | undefined
    logistics.courier.meanwhile = () => new Promise((resolve) => (answer = resolve))
    const dying = logistics.subgraph.work()
    await expect.poll(() => answer).toBeDefined()
    logistics.courier.meanwhile = undefined
    logistics.clock.advance(16_000)
    await logistics.settle()
    expect(await shipmentsOf(logistics, orderId, buyer)).toMatchObject([{ status: 'CONFIRMED' }])
    answer!()
    await dying
    await logistics.settle()
    expect(eventsOf(orderId)).toHaveLength(1)
  })

  it('is booked soon after what the courier took could not be written down, however long the courier was away before', async () => {
    const { pool, stop } = openPostgres({ url: logistics.ownerUrl })
    const { orderId, buyer } = await acceptWhileCourierIsAway()
    logistics.courier.meanwhile = async () => void (await pool.query('ALTER TABLE tracking_event RENAME TO tracking_event_away'))
    await logistics.settle()
    logistics.courier.meanwhile = undefined
    await pool.query('ALTER TABLE tracking_event_away RENAME TO tracking_event')
    await stop()
    expect(await shipmentsOf(logistics, orderId, buyer)).toMatchObject([{ status: 'REQUESTED' }])
    logistics.clock.advance(16_000)
    await logistics.settle()
    expect(await shipmentsOf(logistics, orderId, buyer)).toMatchObject([{ status: 'CONFIRMED' }])
    expect(eventsOf(orderId)).toHaveLength(1)
  })

  it('is booked once when several replicas look at the same time', async () => {
    const buyer = accountForTest()
    const orders = []
    for (let order = 0; order < 5; order++) orders.push((await acceptOrder(logistics, { buyerId: buyer.accountId })).orderId)
    await Promise.all(Array.from({ length: 8 }, () => logistics.subgraph.work()))
    await logistics.settle()
    for (const orderId of orders) {
      const [shipment] = await shipmentsOf(logistics, orderId, buyer)
      expect(logistics.courier.asked.filter((request) => request['reference_id'] === shipment!.id)).toHaveLength(1)
      expect(eventsOf(orderId)).toHaveLength(1)
    }
  })
})

describe('a shipment', () => {
  const query = 'query ($id: ID!, $reason: String) { shipment(id: $id, reason: $reason) { id status } }'

  it('is shown to its buyer, its seller and support, whose look is recorded, and to nobody else', async () => {
    const { shipmentId, buyer, seller, orderId } = await bookedOrder(logistics)
    const [support, stranger] = [accountForTest(['support']), accountForTest(['seller'], [newId('shop')])]
    const ask = async (as: typeof buyer) =>
      (await logistics.execute({ query, variables: { id: shipmentId, reason: 'Buyer called' }, as })).data!['shipment']
    for (const viewer of [buyer, seller, support]) expect(await ask(viewer)).toEqual({ id: shipmentId, status: 'CONFIRMED' })
    expect(await ask(stranger)).toBeNull()
    expect(await shipmentsOf(logistics, orderId, stranger)).toEqual([])
    await logistics.settle()
    const looks = logistics.published.filter(({ type }) => type === 'StaffActed')
    expect(looks.map(({ payload }) => payload)).toEqual([
      { actorId: support.accountId, action: 'logistics.shipment.view', subjectId: shipmentId, reason: 'Buyer called' },
    ])
    // As long a reason as everywhere else.
    const long = { id: shipmentId, reason: 'x'.repeat(500) }
    expect((await logistics.execute({ query, variables: long, as: support })).errors).toBeUndefined()
    const longer = await logistics.execute({ query, variables: { ...long, reason: `${long.reason}x` }, as: support })
    expect(longer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'reason' })
  })

  it('leaves a trace of each look of staff through references, once in a request and however many there are', async () => {
    const [one, other] = [await bookedOrder(logistics), await bookedOrder(logistics)]
    const support = accountForTest(['support'])
    const references = [one, other].flatMap(({ orderId, shipmentId }) => [
      { __typename: 'Order', id: orderId },
      { __typename: 'Shipment', id: shipmentId },
    ])
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Order { shipments { id } } ... on Shipment { id } } }`
    const ask = async (as: typeof support, of: readonly object[]) => {
      const before = logistics.statements.length
      const { data } = await logistics.execute({ query, variables: { of }, as })
      expect(JSON.stringify(data)).toContain(one.shipmentId)
      return logistics.statements.length - before
    }
    await ask(one.buyer, references.slice(0, 2))
    await ask(one.seller, references.slice(0, 2))
    expect(await ask(support, references)).toBe(await ask(support, references.slice(0, 2)))
    await logistics.settle()
    const looks = logistics.published.flatMap(({ type, payload }) => (type === 'StaffActed' ? [payload] : []))
    const look = { actorId: support.accountId, action: 'logistics.shipment.view', reason: null }
    const subjects = [one.shipmentId, other.shipmentId]
    expect(looks.filter(({ subjectId }) => subjects.includes(subjectId))).toEqual(
      [...subjects, one.shipmentId].map((subjectId) => ({ ...look, subjectId })),
    )
  })

  it('is nobody else’s through references either', async () => {
    const { shipmentId, buyer } = await bookedOrder(logistics)
    const entities =
      'query ($id: ID!) { _entities(representations: [{ __typename: "Shipment", id: $id }]) { ... on Shipment { status } } }'
    const ask = async (as: typeof buyer) => (await logistics.execute({ query: entities, variables: { id: shipmentId }, as })).data
    expect(await ask(buyer)).toEqual({ _entities: [{ status: 'CONFIRMED' }] })
    expect(await ask(accountForTest())).toEqual({ _entities: [null] })
  })

  it('costs as many statements with its history in a list of one as of three', async () => {
    const buyer = accountForTest()
    const orders = []
    for (let order = 0; order < 3; order++) orders.push((await acceptOrder(logistics, { buyerId: buyer.accountId })).orderId)
    await logistics.settle()
    const list = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Order { shipments { id courierService { name }
      events(first: 5) { edges { node { id status } } } } } } }`
    const costs = []
    for (const ids of [orders.slice(0, 1), orders]) {
      logistics.clock.advance(60_000)
      const before = logistics.statements.length
      const { data } = await logistics.execute({
        query: list,
        variables: { r: ids.map((id) => ({ __typename: 'Order', id })) },
        as: buyer,
      })
      expect(JSON.stringify(data).match(/CONFIRMED/g)).toHaveLength(ids.length)
      costs.push(logistics.statements.length - before)
    }
    expect(costs).toEqual([3, 3])
  })

  it('has its history in pages, in the order in which things happened', async () => {
    const { shipmentId, trackingNumber, buyer } = await bookedOrder(logistics)
    logistics.clock.advance(3_600_000)
    const steps = ['allocated', 'picking_up', 'picked', 'dropping_off', 'dropping_off', 'delivered']
    for (const [minute, status] of steps.entries()) await scan(logistics, { trackingNumber, status, minute: minute + 1 })
    const history = `query ($id: ID!, $after: String) { shipment(id: $id) { events(first: 3, after: $after) {
      edges { node { status } } pageInfo { hasNextPage endCursor } } } }`
    interface History {
      readonly shipment: {
        readonly events: { edges: { node: { status: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
      }
    }
    const seen: string[] = []
    const page = async (after: string | null): Promise<string | null> => {
      const result = await logistics.execute<History>({ query: history, variables: { id: shipmentId, after }, as: buyer })
      const { edges, pageInfo } = result.data!.shipment.events
      seen.push(...edges.map(({ node }) => node.status))
      return pageInfo.hasNextPage ? pageInfo.endCursor : null
    }
    for (let after = await page(null); after !== null;) after = await page(after)
    expect(seen).toEqual(['CONFIRMED', ...steps.map((step) => step.toUpperCase())])
  })

  it.each([[['2', 'x']], [['2024-02-30T00:00:00Z', 'x']], [['2026-01-01T00:00:00Z', '\0']]])(
    'answers %j in place of a cursor of its history with the field',
    async (values) => {
      const { shipmentId, buyer } = await bookedOrder(logistics)
      const page = 'query ($id: ID!, $after: String) { shipment(id: $id) { events(after: $after) { edges { node { id } } } } }'
      const after = Buffer.from(JSON.stringify(values)).toString('base64url')
      const { errors } = await logistics.execute({ query: page, variables: { id: shipmentId, after }, as: buyer })
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
    },
  )
})

describe('a request for a pickup', () => {
  const query = `mutation ($input: RequestPickupInput!) { requestPickup(input: $input) { __typename
    ... on RequestPickupSuccess { shipment { id pickupRequestedAt } } ... on Problem { code message } ... on PickupNotPossible { status } } }`
  const request = async (input: object, as: ReturnType<typeof accountForTest>) =>
    (await logistics.execute<{ requestPickup: { __typename: string } }>({ query, variables: { input }, as })).data!.requestPickup

  it('by the seller reaches the courier once, also when it is repeated or the courier was down', async () => {
    const { shipmentId, seller } = await bookedOrder(logistics)
    logistics.courier.trouble = () => json(500, {})
    const first = await request({ shipmentId, idempotencyKey: 'click-1' }, seller)
    expect(first).toMatchObject({
      __typename: 'RequestPickupSuccess',
      shipment: { pickupRequestedAt: expect.any(String) as string },
    })
    expect(await request({ shipmentId, idempotencyKey: 'click-1' }, seller)).toEqual(first)
    expect(await request({ shipmentId, idempotencyKey: 'click-2' }, seller)).toMatchObject({
      code: 'PICKUP_NOT_POSSIBLE',
      status: 'CONFIRMED',
    })
    await logistics.settle()
    logistics.courier.trouble = undefined
    logistics.clock.advance(31_000)
    await logistics.settle()
    logistics.clock.advance(86_400_000)
    await logistics.settle()
    expect(logistics.courier.pickups.filter((id) => id === `order-${shipmentId}`)).toHaveLength(2)
  })

  it('is told no more, by its key, to whoever has made it and helps in the shop no longer', async () => {
    const { shipmentId, shopId } = await bookedOrder(logistics)
    const former = accountForTest()
    const helper = { ...former, roles: ['seller'] as const, helpedShopIds: [shopId] }
    for (let time = 0; time < 2; time += 1)
      expect(await request({ shipmentId, idempotencyKey: 'a' }, helper)).toMatchObject({ shipment: { id: shipmentId } })
    expect(await request({ shipmentId, idempotencyKey: 'a' }, former)).toMatchObject({ code: 'SHIPMENT_NOT_FOUND' })
  })

  it('is refused to everyone else, before the booking, and under way', async () => {
    const { shipmentId, trackingNumber, seller, buyer } = await bookedOrder(logistics)
    const ask = (as: typeof buyer, idempotencyKey: string) => request({ shipmentId, idempotencyKey }, as)
    expect(await ask(buyer, 'a')).toMatchObject({ code: 'SHIPMENT_NOT_FOUND' })
    expect(await ask(accountForTest(['admin']), 'a')).toMatchObject({ code: 'SHIPMENT_NOT_FOUND' })
    await scan(logistics, { trackingNumber, status: 'picked' })
    expect(await ask(seller, 'a')).toMatchObject({ code: 'PICKUP_NOT_POSSIBLE', status: 'PICKED' })
    const waiting = await acceptOrder(logistics)
    const [shipment] = await shipmentsOf(logistics, waiting.orderId, waiting.seller)
    const early = await request({ shipmentId: shipment!.id, idempotencyKey: 'b' }, waiting.seller)
    expect(early).toMatchObject({ code: 'PICKUP_NOT_POSSIBLE', status: 'REQUESTED' })
  })

  it('with a key of another shipment is a typed error', async () => {
    const shopId = newId('shop')
    const seller = accountForTest(['seller'], [shopId])
    const orders = [await acceptOrder(logistics, { shopId }), await acceptOrder(logistics, { shopId })]
    await logistics.settle()
    const ids = []
    for (const { orderId } of orders) ids.push((await shipmentsOf(logistics, orderId, seller))[0]!.id)
    await request({ shipmentId: ids[0]!, idempotencyKey: 'same' }, seller)
    expect(await request({ shipmentId: ids[1]!, idempotencyKey: 'same' }, seller)).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
  })
})

it('what the courier said cannot be changed or removed, not even past the code', async () => {
  await bookedOrder(logistics)
  const { pool, stop } = openPostgres({ url: logistics.databaseUrl })
  for (const statement of [`UPDATE tracking_event SET note = 'x'`, 'DELETE FROM tracking_event', 'TRUNCATE tracking_event'])
    await expect(pool.query(statement)).rejects.toThrow('only ever added')
  await stop()
})
