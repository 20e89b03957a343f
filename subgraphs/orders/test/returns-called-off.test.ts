import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delivered, wish, type OneOrder } from './after-sale.ts'
import { hours, openMarket, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

const pass = async (count: number) => {
  market.clock.advance(hours(count) + 1)
  await Promise.all([1, 2, 3].map(() => market.subgraph.work()))
}
const stateOf = async (order: OneOrder) => (await order.view()).state
/** A return that the seller agreed to. */
const agreed = async () => {
  const order = await delivered(market)
  await order.byBuyer('requestReturn', await wish(order))
  await order.bySeller('answerReturn', { approve: true })
  return order
}
const booked = async () => {
  const order = await agreed()
  await order.ship('BOOKED', 'RETURN')
  return order
}
/** Nothing is heard of the parcel for the five days that the buyer has. */
const forgotten = async () => {
  const order = await booked()
  await pass(120)
  return order
}
const withdrawn = async () => {
  const order = await booked()
  await order.byBuyer('withdrawReturn')
  return order
}
const answered = async (order: OneOrder, stopped: boolean | 'UNFETCHED') =>
  market.calledOff(await order.view(), stopped, 'RETURN')

describe.each([
  ['that is not sent in time', forgotten],
  ['that its buyer withdraws', withdrawn],
])('a return %s', (_, calledOff) => {
  it('is finished when the courier has stopped its parcel, and not before', async () => {
    const order = await calledOff()
    const returnId = (await order.view()).return!.id
    expect(await order.view()).toMatchObject({ state: 'RETURN_CANCELLING', code: 601, allowedMoves: [] })
    expect(await order.told('OrderCompleted')).toEqual([])
    expect(await order.told('ReturnCallingOff')).toEqual([
      {
        orderId: order.id,
        checkoutId: order.checkoutId,
        buyerId: order.buyer.accountId,
        shopId: order.seller.shopIds[0],
        returnId,
      },
    ])
    for (const stopped of [true, true]) await answered(order, stopped)
    expect(await stateOf(order)).toBe('COMPLETED')
    expect(await order.told('OrderCompleted')).toHaveLength(1)
    expect(await order.told('RefundDecided')).toEqual([])
  })

  it('is finished, too, when the parcel itself says that it was stopped', async () => {
    const order = await calledOff()
    await order.ship('CANCELLED', 'RETURN')
    await answered(order, true)
    expect(await stateOf(order)).toBe('COMPLETED')
  })

  it('goes on when the buyer had handed it over: the seller gets the goods, and the buyer the money', async () => {
    const order = await calledOff()
    await order.ship('PICKED', 'RETURN')
    expect(await stateOf(order)).toBe('RETURN_SENT')
    await answered(order, false)
    await order.ship('DELIVERED', 'RETURN')
    await order.bySeller('receiveReturn', { accept: true, restock: true })
    expect(await order.told('RefundDecided')).toMatchObject([{ refund: { amount: 50_000 } }])
    expect(await order.told('OrderCompleted')).toHaveLength(1)
  })

  it('goes on when the courier says that it has the parcel already', async () => {
    const order = await calledOff()
    await answered(order, false)
    expect(await stateOf(order)).toBe('RETURN_SENT')
    expect((await order.history()).slice(-2)).toEqual([expect.stringMatching(/^RETURN_CANCELLING /), 'RETURN_SENT SYSTEM'])
    await order.ship('LOST', 'RETURN')
    expect(await order.told('RefundDecided')).toMatchObject([{ refund: { amount: 50_000 } }])
  })

  it('is lost when the courier gives it up in its hands, also where that is heard of before its pickup', async () => {
    const order = await calledOff()
    await order.ship('GIVEN_UP', 'RETURN')
    await order.ship('PICKED', 'RETURN')
    expect(await stateOf(order)).toBe('COMPLETED')
    expect(await order.told('RefundDecided')).toMatchObject([{ refund: { amount: 50_000, reason: 'RETURNED' } }])
  })

  it.each([['after it had said so'], ['as is heard first']])(
    'goes before staff where its courier would not stop it, and ends it without ever having said that it has it, %s',
    async (when) => {
      const order = await calledOff()
      if (when === 'after it had said so') await answered(order, false)
      await order.ship('UNCLEAR', 'RETURN')
      await answered(order, false)
      expect((await order.history()).at(-1)).toBe('MEDIATION_ASKED SYSTEM')
      expect([await order.told('RefundDecided'), await order.told('OrderCompleted')]).toEqual([[], []])
    },
  )

  it('tells only of the way back: the parcel that brought the order says nothing of it', async () => {
    const order = await calledOff()
    await market.calledOff(await order.view(), true)
    await order.ship('CANCELLED')
    expect(await stateOf(order)).toBe('RETURN_CANCELLING')
  })
})

describe('a return whose buyer had asked for its pickup', () => {
  it.each([
    ['its parcel', (order: OneOrder) => order.ship('UNFETCHED', 'RETURN')],
    ['the answer about it', (order: OneOrder) => answered(order, 'UNFETCHED')],
  ])('goes before staff where the courier has not come in time, as %s says', async (_, say) => {
    const order = await forgotten()
    await say(order)
    expect((await order.history()).slice(-2)).toEqual(['RETURN_CANCELLING SYSTEM', 'MEDIATION_ASKED SYSTEM'])
    expect(await order.told('OrderCompleted')).toEqual([])
    const way = { decision: 'REFUND', note: 'Kurir tidak datang', orderId: order.id }
    await market.act('mediateReturn', accountForTest(['support']), way)
    expect(await order.told('RefundDecided')).toMatchObject([{ refund: { amount: 50_000 } }])
  })

  it('is finished where the buyer keeps the goods after all', async () => {
    const [moved, told] = [await withdrawn(), await withdrawn()]
    await moved.ship('UNFETCHED', 'RETURN')
    await answered(told, 'UNFETCHED')
    expect([await stateOf(moved), await stateOf(told)]).toEqual(['COMPLETED', 'COMPLETED'])
  })
})

describe('a return that its buyer withdraws too late to stop it', () => {
  const underWay = async () => {
    const order = await withdrawn()
    await answered(order, false)
    return order
  }

  it.each(['RETURNED', 'UNCLEAR'] as const)(
    'is finished, and the seller paid, when staff say nothing of what its courier has not brought to the shop (%s)',
    async (word) => {
      const order = await underWay()
      await order.ship(word, 'RETURN')
      expect(await stateOf(order)).toBe('MEDIATION')
      await pass(168)
      expect((await order.history()).at(-1)).toBe('COMPLETED SYSTEM')
      expect([await order.told('RefundDecided'), (await order.told('OrderCompleted')).length]).toEqual([[], 1])
    },
  )

  it('is refunded when staff say nothing of what the seller has and is not content with', async () => {
    const order = await underWay()
    await order.ship('DELIVERED', 'RETURN')
    await order.bySeller('receiveReturn', { accept: false, restock: true, note: 'Rusak' })
    expect(await stateOf(order)).toBe('MEDIATION')
    await pass(168)
    expect(await order.told('RefundDecided')).toMatchObject([{ refund: { amount: 50_000 } }])
  })
})

it('a return that its buyer did send, or wanted to, is refunded when staff say nothing', async () => {
  const order = await forgotten()
  await order.ship('UNFETCHED', 'RETURN')
  await pass(168)
  expect(await order.told('RefundDecided')).toMatchObject([{ refund: { amount: 50_000 } }])
})

describe('a return that was only asked for', () => {
  it('has no parcel to call off', async () => {
    const order = await delivered(market)
    await order.byBuyer('requestReturn', await wish(order))
    expect(await order.byBuyer('withdrawReturn')).toMatchObject({ order: { state: 'COMPLETED' } })
    expect(await order.told('ReturnCallingOff')).toEqual([])
  })
})

describe('the five days to send goods back', () => {
  it('begin when a courier is booked, however long that took', async () => {
    const order = await agreed()
    await pass(119)
    await order.ship('BOOKED', 'RETURN')
    await pass(119)
    expect(await stateOf(order)).toBe('RETURN_APPROVED')
    await pass(1)
    expect(await stateOf(order)).toBe('RETURN_CANCELLING')
  })
})

describe('a courier that was looked for in vain', () => {
  const inVain = async () => {
    const order = await agreed()
    await pass(120)
    await pass(168)
    return order
  }

  it('is not asked any more when staff are to decide', async () => {
    const order = await inVain()
    expect(await order.told('ReturnCallingOff')).toHaveLength(1)
    expect(await stateOf(order)).toBe('RETURN_UNBOOKED')
    await order.ship('CANCELLED', 'RETURN')
    expect(await stateOf(order)).toBe('MEDIATION')
    expect((await order.history()).slice(-2)).toEqual(['RETURN_CANCELLING SYSTEM', 'MEDIATION_ASKED SYSTEM'])
  })

  it('may have had no parcel to look for', async () => {
    const order = await inVain()
    await answered(order, true)
    expect(await stateOf(order)).toBe('MEDIATION')
  })

  it('and has come in this moment brings the goods back', async () => {
    const [came, fetched] = [await inVain(), await inVain()]
    await came.ship('BOOKED', 'RETURN')
    expect(await stateOf(came)).toBe('RETURN_APPROVED')
    await came.ship('PICKED', 'RETURN')
    await answered(fetched, false)
    expect([await stateOf(came), await stateOf(fetched)]).toEqual(['RETURN_SENT', 'RETURN_SENT'])
  })

  it('is not asked any more either when the buyer keeps the goods', async () => {
    const order = await inVain()
    await order.byBuyer('withdrawReturn')
    await answered(order, true)
    expect(await stateOf(order)).toBe('COMPLETED')
  })
})
