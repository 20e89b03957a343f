import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bookedOrder, movesOf, scan, startLogistics } from './logistics-for-test.ts'

let logistics: Awaited<ReturnType<typeof startLogistics>>
beforeAll(async () => {
  logistics = await startLogistics()
})
afterAll(() => logistics.stop())
afterEach(() => {
  Object.assign(logistics.courier, {
    lastWord: undefined,
    meanwhile: undefined,
    isOff: false,
    hasFetched: false,
    refusesPickups: false,
  })
})

const minutes = (count: number) => count * 60_000
const days = (count: number) => minutes(count * 24 * 60)
const pass = async (milliseconds: number) => {
  logistics.clock.advance(milliseconds)
  await logistics.settle()
}
const says = (status: string, note?: string) => {
  logistics.courier.lastWord = { status, note, updated_at: new Date(logistics.clock.now().getTime() + minutes(1)).toISOString() }
}
const picked = async () => {
  const order = await bookedOrder(logistics)
  await scan(logistics, { trackingNumber: order.trackingNumber, status: 'picked' })
  const askedAfter = () => logistics.courier.tracked.filter((id) => id === `order-${order.shipmentId}`).length
  return { ...order, askedAfter, moves: () => movesOf(logistics, order.shipmentId) }
}

describe('a parcel of which its courier says nothing more', () => {
  it('is asked after when that has lasted three days, and its courier’s answer counts as if it had told of it', async () => {
    const order = await picked()
    says('delivered', 'Diterima satpam')
    await pass(days(3) - minutes(61))
    expect(order.askedAfter()).toBe(0)
    await pass(minutes(1))
    expect([order.askedAfter(), await order.moves()]).toEqual([1, ['PICKED', 'DELIVERED']])
    expect((await order.read()).events.edges.map(({ node }) => node)).toContainEqual(
      expect.objectContaining({ status: 'DELIVERED', note: 'Diterima satpam' }),
    )
    await pass(days(30))
    expect([order.askedAfter(), await order.moves()]).toEqual([1, ['PICKED', 'DELIVERED']])
  })

  it('is asked after once a day while there is no news', async () => {
    const order = await picked()
    says('picked')
    await pass(days(3))
    await pass(days(1) - 1)
    expect(order.askedAfter()).toBe(1)
    await pass(1)
    expect([order.askedAfter(), await order.moves()]).toEqual([2, ['PICKED']])
  })

  it('is asked after again soon when its courier does not answer, or nothing that can be read', async () => {
    const order = await picked()
    logistics.courier.isOff = true
    await pass(days(3))
    logistics.courier.isOff = false
    await pass(minutes(1))
    expect([order.askedAfter(), await order.moves()]).toEqual([1, ['PICKED']])
    says('lost')
    await pass(minutes(1))
    expect([order.askedAfter(), await order.moves()]).toEqual([2, ['PICKED', 'LOST']])
  })

  it('is asked after also where it was fetched although the courier never said that it would come for it', async () => {
    logistics.courier.refusesPickups = true
    const order = await bookedOrder(logistics)
    const query = `mutation ($input: RequestPickupInput!) { requestPickup(input: $input) { __typename } }`
    const input = { shipmentId: order.shipmentId, idempotencyKey: 'once' }
    await logistics.execute({ query, variables: { input }, as: order.seller })
    await logistics.settle()
    const calls = ({ pickups, tracked }: typeof logistics.courier) =>
      [pickups, tracked].map((ids) => ids.filter((id) => id === `order-${order.shipmentId}`).length)
    expect(calls(logistics.courier)).toEqual([1, 0])
    await scan(logistics, { trackingNumber: order.trackingNumber, status: 'picked' })
    says('delivered')
    await pass(days(1))
    await pass(days(2))
    expect(calls(logistics.courier)).toEqual([1, 1])
    expect(await movesOf(logistics, order.shipmentId)).toEqual(['PICKED', 'DELIVERED'])
  })

  const lost = [
    { what: 'it is back in the shop', told: [], said: 'returned', moves: ['PICKED', 'RETURNED'], dues: ['CAME_BACK'] },
    {
      what: 'it turns back',
      told: ['allocated'],
      said: 'return_in_transit',
      moves: ['ALLOCATED', 'PICKED', 'RETURN_IN_TRANSIT'],
      dues: [],
    },
    {
      what: 'it went to its buyer after all',
      told: ['picked', 'return_in_transit'],
      said: 'delivered',
      moves: ['PICKED', 'RETURN_IN_TRANSIT', 'DELIVERED'],
      dues: ['DELIVERED'],
    },
    { what: 'its courier has given it up', told: ['picked'], said: 'cancelled', moves: ['PICKED', 'CANCELLED'], dues: ['LOST'] },
  ]
  it.each(lost)(
    'is where its courier says then, though the words before were lost: $what',
    async ({ told, said, moves, dues }) => {
      const order = await bookedOrder(logistics)
      for (const [minute, status] of told.entries())
        await scan(logistics, { trackingNumber: order.trackingNumber, status, minute })
      says(said)
      await pass(days(3))
      expect(await movesOf(logistics, order.shipmentId)).toEqual(moves)
      const arisen = logistics.published.flatMap((event) =>
        event.type === 'CourierDueArose' && event.payload.shipmentId === order.shipmentId ? [event.payload.kind] : [],
      )
      expect(arisen).toEqual(dues)
    },
  )

  it('takes a word that was impossible where the parcel stood, once it stands where that is possible', async () => {
    const order = await picked()
    says('picking_up')
    await pass(days(3))
    expect([order.askedAfter(), await order.moves()]).toEqual([1, ['PICKED']])
    await scan(logistics, { trackingNumber: order.trackingNumber, status: 'on_hold', minute: -3 * 24 * 60 })
    await pass(days(1))
    expect([order.askedAfter(), await order.moves()]).toEqual([2, ['PICKED', 'ON_HOLD', 'PICKING_UP']])
  })

  it('is asked after by one of several replicas', async () => {
    const order = await picked()
    says('delivered')
    logistics.clock.advance(days(3))
    await Promise.all([1, 2, 3, 4].map(() => logistics.subgraph.work()))
    expect([order.askedAfter(), await order.moves()]).toEqual([1, ['PICKED', 'DELIVERED']])
  })

  it('is where its courier says, also where that says nothing beside it', async () => {
    const order = await picked()
    says('delivered', '')
    await pass(days(3))
    expect([order.askedAfter(), await order.moves()]).toEqual([1, ['PICKED', 'DELIVERED']])
  })

  it('is called off soon, too, when that is asked for while its courier is asked after it, and fails at first', async () => {
    const order = await bookedOrder(logistics)
    says('confirmed')
    logistics.courier.meanwhile = async (id) => {
      if (id !== `order-${order.shipmentId}`) return
      await logistics.deliver('orders', order.cancelled)
      logistics.courier.isOff = true
      await logistics.subgraph.work()
      logistics.courier.isOff = false
    }
    await pass(days(3))
    expect(logistics.courier.tracked).toContain(`order-${order.shipmentId}`)
    expect(await movesOf(logistics, order.shipmentId)).toEqual([])
    await pass(minutes(1))
    expect(await movesOf(logistics, order.shipmentId)).toEqual(['CANCELLED'])
  })

  it('is fetched, or called off, as soon as that is asked for', async () => {
    const order = await bookedOrder(logistics)
    says('confirmed')
    await pass(days(3))
    await logistics.deliver('orders', order.cancelled)
    await logistics.settle()
    expect(await movesOf(logistics, order.shipmentId)).toEqual(['CANCELLED'])
  })
})
