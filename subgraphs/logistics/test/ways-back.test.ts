import type { EventPayloads } from '@pasar/schema/events'
import { newId } from '@pasar/shared/ids'
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

const refOf = ({ orderId, shopId, buyer, cancelled }: Order) => {
  const { checkoutId } = cancelled.payload
  return { orderId, checkoutId, buyerId: buyer.accountId, shopId }
}
const callOff = (order: Order) => logistics.deliver('orders', { type: 'OrderCallingOff', payload: refOf(order) })
const answersFor = async ({ orderId }: Order, returnId: string | null = null) => {
  await logistics.settle()
  return logistics.published.flatMap((event) =>
    event.type === 'ParcelCalledOff' && event.payload.orderId === orderId && (event.payload.returnId ?? null) === returnId
      ? [event.payload.stopped]
      : [],
  )
}
const callOffReturn = (order: Order, returnId: string) =>
  logistics.deliver('orders', { type: 'ReturnCallingOff', payload: { ...refOf(order), returnId } })

const duesOf = async (shipmentId: string) => {
  await logistics.settle()
  return logistics.published.flatMap((event) =>
    event.type === 'CourierDueArose' && event.payload.shipmentId === shipmentId ? [event.payload.kind] : [],
  )
}

describe('an accepted order that is to be cancelled', () => {
  it('has no parcel when its acceptance is not known yet, and orders hears so', async () => {
    const order = orderForTest()
    await callOff(order)
    await logistics.deliver('orders', order.event)
    expect(await answersFor(order)).toEqual([true])
    expect(await shipmentsOf(logistics, order.orderId, order.buyer)).toEqual([])
  })

  it('is stopped before it is booked, and at the courier, which orders hears from the parcel', async () => {
    const unbooked = await acceptOrder(logistics)
    const booked = await bookedOrder(logistics)
    const waiting = orderForTest()
    await logistics.deliver('orders', waiting.event)
    for (const order of [unbooked, booked, waiting]) await callOff(order)
    for (const order of [unbooked, booked, waiting]) {
      const [shipment] = await shipmentsOf(logistics, order.orderId, order.buyer)
      expect((await movesOf(logistics, shipment!.id)).at(-1)).toBe('CANCELLED')
      expect(await answersFor(order)).toEqual([])
    }
  })

  it('goes on when the courier has the parcel, whether that is known or not', async () => {
    const known = await bookedOrder(logistics)
    await scan(logistics, { trackingNumber: known.trackingNumber, status: 'picked' })
    await callOff(known)
    expect(await answersFor(known)).toEqual([false])
    const unknown = await bookedOrder(logistics)
    logistics.courier.hasFetched = true
    await callOff(unknown)
    expect(await answersFor(unknown)).toEqual([false])
    expect((await unknown.read()).status).toBe('CONFIRMED')
  })
})

const approved = (order: Order, change: Partial<EventPayloads['ReturnApproved']> = {}) => {
  const { origin, destination, courierServiceId, shippingCost, weightGrams, lines } = order.event.payload
  const way = { origin: destination, destination: origin, courierServiceId, shippingCost, weightGrams, lines }
  const payload: EventPayloads['ReturnApproved'] = { ...refOf(order), returnId: newId('return'), ...way, ...change }
  return { type: 'ReturnApproved', payload } as const
}
/** A delivered order whose return is booked. */
async function returning(change: Partial<EventPayloads['ReturnApproved']> = {}) {
  const order = await bookedOrder(logistics)
  await scan(logistics, { trackingNumber: order.trackingNumber, status: 'delivered' })
  const event = approved(order, change)
  await logistics.deliver('orders', event)
  await logistics.settle()
  const parcels = await shipmentsOf(logistics, order.orderId, order.buyer)
  const back = parcels.find(({ id }) => id !== order.shipmentId)!
  return { order, back, returnId: event.payload.returnId, parcels }
}

describe('a return that the seller agreed to', () => {
  it('is booked the other way round, once, and told of as a return', async () => {
    const { order, back, returnId, parcels } = await returning()
    expect(parcels).toHaveLength(2)
    expect(back).toMatchObject({
      status: 'CONFIRMED',
      direction: 'RETURN',
      origin: { regencyCode: '32.73' },
      destination: { regencyCode: '31.73' },
    })
    await logistics.deliver('orders', approved(order))
    expect(await shipmentsOf(logistics, order.orderId, order.buyer)).toHaveLength(2)
    await scan(logistics, { trackingNumber: back.trackingNumber, status: 'picked' })
    await logistics.settle()
    const told = logistics.published.flatMap((event) =>
      (event.type === 'ShipmentBooked' || event.type === 'ShipmentMoved') && event.payload.orderId === order.orderId
        ? [[event.type, event.payload.returnId ?? null]]
        : [],
    )
    expect(told).toEqual([
      ['ShipmentBooked', null],
      ['ShipmentMoved', null],
      ['ShipmentMoved', null],
      ['ShipmentBooked', returnId],
      ['ShipmentMoved', returnId],
    ])
  })

  it.each([
    ['is brought to the shop', ['picked', 'delivered'], 'RETURN_DELIVERED'],
    ['comes back to the buyer', ['picked', 'return_in_transit', 'returned'], 'RETURN_CAME_BACK'],
  ])('has earned its courier something, once, when it %s', async (_, words, due) => {
    const { back } = await returning()
    for (const [minute, status] of [...words, words.at(-1)!].entries())
      await scan(logistics, { trackingNumber: back.trackingNumber, status, minute })
    expect(await duesOf(back.id)).toEqual([due])
  })

  it('costs what its courier asks for what is sent back, and as much as the way there where nobody offers that', async () => {
    const weighed = { weightGrams: 900, volumeCubicCm: 500 }
    const query = `{ shippingRates(input: { originRegencyCode: "32.73", destinationRegencyCode: "31.73", weightGrams: 900,
      lengthMm: 100, widthMm: 100, heightMm: 50 }) { courierService { id } cost { amount } } }`
    const { shippingRates } = (await logistics.execute({ query })).data as {
      shippingRates: { courierService: { id: string }; cost: { amount: number } }[]
    }
    const asked = shippingRates.find(({ courierService }) => courierService.id === 'jne_reg')!.cost.amount
    expect(asked).not.toBe(19_000)
    for (const [change, cost] of [
      [weighed, asked],
      [{}, 19_000],
      [{ ...weighed, courierServiceId: 'gosend_instant' }, 19_000],
    ] as const) {
      const { back } = await returning(change)
      expect(back.shippingCost.amount).toBe(cost)
      await scan(logistics, { trackingNumber: back.trackingNumber, status: 'delivered' })
      await logistics.settle()
      const dues = logistics.published.flatMap((event) =>
        event.type === 'CourierDueArose' && event.payload.shipmentId === back.id ? [event.payload.shippingAmount] : [],
      )
      expect(dues).toEqual([cost])
    }
  })

  it('is fetched at the buyer’s wish, not at the seller’s', async () => {
    const { order, back } = await returning()
    const query = `mutation ($input: RequestPickupInput!) { requestPickup(input: $input) { __typename } }`
    const ask = async (as: Order['buyer']) => {
      const variables = { input: { shipmentId: back.id, idempotencyKey: newId('movement') } }
      return (await logistics.execute({ query, variables, as })).data!['requestPickup']
    }
    expect(await ask(order.seller)).toEqual({ __typename: 'ShipmentNotFound' })
    expect(await ask(order.buyer)).toEqual({ __typename: 'RequestPickupSuccess' })
  })

  it('has no parcel when it was called off before it was heard of, and orders hears so', async () => {
    const order = await bookedOrder(logistics)
    await scan(logistics, { trackingNumber: order.trackingNumber, status: 'delivered' })
    const event = approved(order)
    const { returnId } = event.payload
    await callOffReturn(order, returnId)
    await logistics.deliver('orders', event)
    expect(await answersFor(order, returnId)).toEqual([true])
    expect(await shipmentsOf(logistics, order.orderId, order.buyer)).toHaveLength(1)
  })

  it('is stopped where nobody has booked or fetched it, which orders hears from the parcel', async () => {
    logistics.courier.isOff = true
    const order = await acceptOrder(logistics)
    const event = approved(order)
    await logistics.deliver('orders', event)
    const unbooked = (await shipmentsOf(logistics, order.orderId, order.buyer)).at(-1)!
    await callOffReturn(order, event.payload.returnId)
    logistics.courier.isOff = false
    const booked = await returning()
    await callOffReturn(booked.order, booked.returnId)
    for (const [id, of, returnId] of [
      [unbooked.id, order, event.payload.returnId],
      [booked.back.id, booked.order, booked.returnId],
    ] as const) {
      expect(await movesOf(logistics, id)).toEqual(['CANCELLED'])
      expect(await answersFor(of, returnId)).toEqual([])
      // Called off already, it is answered.
      await callOffReturn(of, returnId)
      expect([await answersFor(of, returnId), await answersFor(of)]).toEqual([[true], []])
    }
    expect((await booked.order.read()).status).toBe('DELIVERED')
  })

  it('says when it is stopped whether its buyer had asked in vain, a day before, for it to be fetched', async () => {
    const query = `mutation ($input: RequestPickupInput!) { requestPickup(input: $input) { __typename } }`
    const day = 86_400_000
    for (const [before, isInVain] of [
      [day, true],
      [day - 1, false],
      [null, false],
    ] as const) {
      const { order, back, returnId } = await returning()
      const variables = { input: { shipmentId: back.id, idempotencyKey: newId('movement') } }
      if (before !== null) await logistics.execute({ query, variables, as: order.buyer })
      await logistics.settle()
      logistics.clock.advance(before ?? 0)
      // The stop counts, not when the courier answers.
      logistics.courier.isOff = true
      await callOffReturn(order, returnId)
      await logistics.settle()
      logistics.courier.isOff = false
      logistics.clock.advance(day)
      await logistics.settle()
      await callOffReturn(order, returnId)
      await logistics.settle()
      const told = logistics.published.flatMap((event) => {
        const isEnd = event.type === 'ParcelCalledOff' || (event.type === 'ShipmentMoved' && event.payload.status === 'CANCELLED')
        return isEnd && event.payload.returnId === returnId ? [[event.type, event.payload.unfetched ?? false]] : []
      })
      expect(told).toEqual([
        ['ShipmentMoved', isInVain],
        ['ParcelCalledOff', isInVain],
      ])
    }
  })

  it.each(['allocated', 'picking_up', 'on_hold'])(
    'was waited for in vain, too, where its courier said something by itself (%s), so that nobody could ask it, and no more for a day',
    async (word) => {
      const query = `mutation ($input: RequestPickupInput!) { requestPickup(input: $input) { __typename } }`
      const day = 86_400_000
      for (const [before, isInVain] of [
        [day, true],
        [day - 1, false],
      ] as const) {
        const { order, back, returnId } = await returning()
        await scan(logistics, { trackingNumber: back.trackingNumber, status: word })
        const variables = { input: { shipmentId: back.id, idempotencyKey: newId('movement') } }
        const { data } = await logistics.execute({ query, variables, as: order.buyer })
        expect(data).toEqual({ requestPickup: { __typename: 'PickupNotPossible' } })
        logistics.clock.advance(before)
        await callOffReturn(order, returnId)
        await logistics.settle()
        const told = logistics.published.flatMap((event) =>
          event.type === 'ShipmentMoved' && event.payload.returnId === returnId
            ? [[event.payload.status, event.payload.unfetched ?? false]]
            : [],
        )
        expect(told).toEqual([
          [word.toUpperCase(), false],
          ['CANCELLED', isInVain],
        ])
      }
    },
  )

  it.each([
    ['is told as one that was not fetched where its courier ends it by itself', true],
    ['is told as one that was stopped where nobody has booked it yet', false],
  ])('%s', async (...[, isUnfetched]) => {
    const order = await acceptOrder(logistics)
    const event = approved(order)
    const { returnId } = event.payload
    logistics.courier.isOff = !isUnfetched
    await logistics.deliver('orders', event)
    await logistics.settle()
    const { trackingNumber } = (await shipmentsOf(logistics, order.orderId, order.buyer)).at(-1)!
    if (isUnfetched) await scan(logistics, { trackingNumber, status: 'cancelled' })
    await callOffReturn(order, returnId)
    await callOffReturn(order, returnId)
    logistics.courier.isOff = false
    await logistics.settle()
    const told = logistics.published.flatMap((one) =>
      (one.type === 'ParcelCalledOff' || one.type === 'ShipmentMoved') && one.payload.returnId === returnId
        ? [[one.type, one.payload.unfetched ?? false]]
        : [],
    )
    expect(new Set(told.map(([type]) => type))).toEqual(new Set(['ShipmentMoved', 'ParcelCalledOff']))
    expect(new Set(told.map(([, unfetched]) => unfetched))).toEqual(new Set([isUnfetched]))
  })

  it('goes on when the courier has it, whether that is known or not', async () => {
    const [known, unknown] = [await returning(), await returning()]
    await scan(logistics, { trackingNumber: known.back.trackingNumber, status: 'picked' })
    logistics.courier.hasFetched = true
    for (const { order, returnId } of [known, unknown]) {
      await callOffReturn(order, returnId)
      expect([await answersFor(order, returnId), await answersFor(order)]).toEqual([[false], []])
    }
  })
})

describe('a return that its courier would not stop', () => {
  const tell = (back: { trackingNumber: string }, status: string, minute: number) =>
    scan(logistics, { trackingNumber: back.trackingNumber, status, minute })
  /** The driver is on the way when the courier is asked to stop it. */
  const refused = async () => {
    const { order, back, returnId } = await returning()
    await tell(back, 'picking_up', 0)
    logistics.courier.hasFetched = true
    await callOffReturn(order, returnId)
    await logistics.settle()
    return back
  }
  const endOf = async (shipmentId: string) => {
    await logistics.settle()
    return logistics.published.flatMap((event) => {
      if (event.type !== 'ShipmentMoved' || event.payload.shipmentId !== shipmentId) return []
      const { status, lost = false, unclear = false } = event.payload
      return status === 'CANCELLED' ? [{ lost, unclear }] : []
    })
  }

  it.each([[['cancelled']], [['on_hold', 'cancelled']]])(
    'is nobody’s loss when it ends and the courier never said that it has it (%s)',
    async (words) => {
      const back = await refused()
      for (const [index, word] of words.entries()) await tell(back, word, index + 1)
      expect(await movesOf(logistics, back.id)).toContain('PICKED')
      expect(await endOf(back.id)).toEqual([{ lost: false, unclear: true }])
      expect(await duesOf(back.id)).toEqual([])
    },
  )

  it.each([
    ['in time', ['picked', 'on_hold', 'cancelled'], [1, 2, 3]],
    ['late', ['on_hold', 'picked', 'cancelled'], [2, 1, 3]],
  ] as const)('is the courier’s loss, once, when it said %s that it has it', async (_, words, minutes) => {
    const back = await refused()
    for (const [index, word] of words.entries()) await tell(back, word, minutes[index]!)
    expect(await endOf(back.id)).toEqual([{ lost: true, unclear: false }])
    expect(await duesOf(back.id)).toEqual(['LOST'])
  })

  it('is the courier’s loss, too, when it says only after the end that it had it', async () => {
    const back = await refused()
    await tell(back, 'cancelled', 3)
    await tell(back, 'picked', 1)
    await tell(back, 'dropping_off', 2)
    expect(await duesOf(back.id)).toEqual(['LOST'])
  })
})

describe('a parcel that ends cancelled in the courier’s hands', () => {
  type Booked = Awaited<ReturnType<typeof bookedOrder>>
  const tell = (order: Booked, status: string, minute: number) =>
    scan(logistics, { trackingNumber: order.trackingNumber, status, minute })
  const ways: Readonly<Record<string, (order: Booked) => Promise<unknown>>> = {
    'though the word of its pickup came late': async (order) => {
      await tell(order, 'on_hold', 5)
      await tell(order, 'picked', 0)
      await tell(order, 'cancelled', 6)
    },
    'though the word of its pickup came last of all': async (order) => {
      await tell(order, 'cancelled', 6)
      await tell(order, 'picked', 0)
    },
    'though it says only after its own stop that it has it': async (order) => {
      await callOff(order)
      await logistics.settle()
      await tell(order, 'picked', 90)
      await tell(order, 'dropping_off', 91)
    },
    'though it says only after its own stop that it has brought it': async (order) => {
      await tell(order, 'cancelled', 1)
      await tell(order, 'delivered', 2)
      await tell(order, 'delivered', 3)
    },
    'because it was asked to call it off before it had it': async (order) => {
      logistics.courier.isOff = true
      await callOff(order)
      await logistics.settle()
      await tell(order, 'picked', 0)
      await tell(order, 'on_hold', 1)
      logistics.courier.isOff = false
      logistics.clock.advance(31_000)
      await logistics.settle()
    },
    'right after it had said that it has it': async (order) => {
      await tell(order, 'picked', 0)
      await tell(order, 'cancelled', 1)
    },
    'while it was turning back': async (order) => {
      for (const [minute, status] of ['picked', 'dropping_off', 'return_in_transit', 'cancelled'].entries())
        await tell(order, status, minute)
    },
    'as it says itself after it had answered that it has stopped what it had fetched by then': async (order) => {
      logistics.courier.isOff = true
      await callOff(order)
      await logistics.settle()
      await tell(order, 'picked', 0)
      logistics.courier.isOff = false
      logistics.clock.advance(31_000)
      expect([await answersFor(order), (await order.read()).status]).toEqual([[false], 'PICKED'])
      await tell(order, 'cancelled', 1)
    },
    'after it had said that it has it': async (order) => {
      logistics.courier.hasFetched = true
      await callOff(order)
      await logistics.settle()
      await tell(order, 'on_hold', 1)
      await tell(order, 'cancelled', 2)
      await tell(order, 'picked', 0)
    },
  }
  it.each(Object.keys(ways))('is its loss, once, %s', async (way) => {
    const order = await bookedOrder(logistics)
    await ways[way]!(order)
    expect((await order.read()).status).toBe('CANCELLED')
    expect(await duesOf(order.shipmentId)).toEqual(['LOST'])
  })

  it('and is where it came from or in the shop, as it says afterwards, is nobody’s loss, and its history has that word', async () => {
    const there = await bookedOrder(logistics)
    for (const [minute, status] of ['cancelled', 'returned'].entries()) await tell(there, status, minute)
    const { order, back } = await returning()
    for (const [minute, status] of ['cancelled', 'delivered'].entries())
      await scan(logistics, { trackingNumber: back.trackingNumber, status, minute })
    expect([await duesOf(there.shipmentId), await duesOf(back.id)]).toEqual([[], []])
    const parcels = [await there.read(), (await shipmentsOf(logistics, order.orderId, order.buyer)).at(-1)!]
    expect(parcels.map(({ status, events }) => [status, events.edges.at(-2)!.node.status])).toEqual([
      ['CANCELLED', 'RETURNED'],
      ['CANCELLED', 'DELIVERED'],
    ])
  })

  it('and is back is nobody’s loss either where that word has overtaken those of its way', async () => {
    const there = await bookedOrder(logistics)
    for (const [status, minute] of [
      ['cancelled', 0],
      ['returned', 4],
      ['picked', 2],
      ['return_in_transit', 3],
    ] as const)
      await tell(there, status, minute)
    const { back } = await returning()
    for (const [status, minute] of [
      ['cancelled', 0],
      ['delivered', 3],
      ['dropping_off', 2],
      ['picked', 1],
    ] as const)
      await scan(logistics, { trackingNumber: back.trackingNumber, status, minute })
    expect([await duesOf(there.shipmentId), await duesOf(back.id)]).toEqual([[], []])
  })

  it('is told of as lost by the word of its end itself, and was not stopped, however late somebody wants that', async () => {
    const order = await bookedOrder(logistics)
    for (const [minute, status] of ['picked', 'on_hold', 'cancelled'].entries()) await tell(order, status, minute)
    await callOff(order)
    expect(await answersFor(order)).toEqual([false])
    const lost = logistics.published.flatMap((event) =>
      event.type === 'ShipmentMoved' && event.payload.orderId === order.orderId
        ? [[event.payload.status, event.payload.lost ?? false]]
        : [],
    )
    expect(lost).toEqual([
      ['PICKED', false],
      ['ON_HOLD', false],
      ['CANCELLED', true],
    ])
  })

  it('goes on to its buyer when it says that it has it, and orders hears that first', async () => {
    const order = await bookedOrder(logistics)
    logistics.courier.hasFetched = true
    await callOff(order)
    expect(await answersFor(order)).toEqual([false])
    expect(await movesOf(logistics, order.shipmentId)).toEqual(['PICKED'])
    const words = logistics.published.filter(({ type, aggregateId }) =>
      type === 'ParcelCalledOff' ? aggregateId === order.orderId : aggregateId === order.shipmentId,
    )
    expect(words.map(({ type }) => type)).toEqual(['ShipmentBooked', 'ParcelCalledOff', 'ShipmentMoved'])
  })
})
