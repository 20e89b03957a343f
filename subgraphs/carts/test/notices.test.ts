import { openPostgres } from '@pasar/shared/postgres/pool'
import { accountForTest } from '@pasar/shared/testing/account'
import type { TestSubgraph } from '@pasar/shared/testing/subgraph'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { add, change, publish, readCart, startCarts, type TestListing } from './carts-for-test.ts'

let carts: TestSubgraph
beforeAll(async () => {
  carts = await startCarts()
})
afterAll(() => carts.stop())

/** A cart with one line, and a way to change what is behind it. */
async function shopper(listing: Partial<TestListing>, quantity: number) {
  const as = accountForTest()
  const coffee = await publish(carts, listing)
  await add(carts, { as }, { ...coffee, quantity })
  const line = async () => (await readCart(carts, { as }))!.lines[0]!
  const becomes = (news: Partial<TestListing>) => publish(carts, { ...coffee, ...news })
  const acknowledge = () => change(carts, ['acknowledgeChanges', {}], as)
  return { as, coffee, line, becomes, acknowledge, cart: () => readCart(carts, { as }) }
}

const bare = { from: null, to: null, available: null }

describe('what changes behind a cart', () => {
  it('is a new price: at once in the total, and a notice until the buyer has seen it', async () => {
    const { line, becomes, acknowledge, cart } = await shopper({ price: 50_000 }, 2)
    await becomes({ price: 45_000 })
    expect(await line()).toMatchObject({
      unitPrice: { amount: 45_000 },
      lineTotal: { amount: 90_000 },
      notices: [{ ...bare, kind: 'PRICE_CHANGED', from: { amount: 50_000 }, to: { amount: 45_000 } }],
    })
    expect((await cart())!.itemsTotal.amount).toBe(90_000)
    await acknowledge()
    expect((await line()).notices).toEqual([])
  })

  it('is stock: a line that is no longer covered stays, says so, and does not count', async () => {
    const { line, becomes, acknowledge, cart } = await shopper({ available: 5 }, 3)
    await becomes({ available: 2 })
    expect(await line()).toMatchObject({
      availability: 'ONLY_SOME',
      available: 2,
      notices: [{ ...bare, kind: 'ONLY_N_LEFT', available: 2 }],
    })
    expect(await cart()).toMatchObject({ itemsTotal: { amount: 0 }, selectedLines: 0 })
    await acknowledge()
    expect(await line()).toMatchObject({ availability: 'ONLY_SOME', notices: [] })
    await becomes({ available: 1 })
    expect((await line()).notices).toEqual([{ ...bare, kind: 'ONLY_N_LEFT', available: 1 }])
    await becomes({ available: 0 })
    expect(await line()).toMatchObject({ availability: 'OUT_OF_STOCK', notices: [{ ...bare, kind: 'OUT_OF_STOCK' }] })
  })

  it('is stock that comes back after the buyer has seen that it was gone', async () => {
    const { line, becomes, acknowledge, as } = await shopper({ available: 5 }, 3)
    await becomes({ available: 0 })
    await becomes({ available: 9 })
    expect(await line()).toMatchObject({ availability: 'AVAILABLE', notices: [] })
    await becomes({ available: 0 })
    await acknowledge()
    await becomes({ available: 9 })
    expect(await line()).toMatchObject({ availability: 'AVAILABLE', notices: [{ ...bare, kind: 'AVAILABLE_AGAIN' }] })
    const { id } = await line()
    await change(carts, ['changeQuantity', { lineId: id, quantity: 9 }], as)
    expect((await line()).notices).toEqual([])
    await becomes({ available: 5 })
    expect((await line()).notices).toEqual([{ ...bare, kind: 'ONLY_N_LEFT', available: 5 }])
  })

  it('is remembered at the time of the clock by which it is forgotten', async () => {
    const { pool, stop } = openPostgres({ url: carts.databaseUrl })
    await publish(carts)
    const { rows } = await pool.query<{ at: Date }>('SELECT DISTINCT received_at AS at FROM inbox_event')
    await stop()
    expect(rows).toEqual([{ at: carts.clock.now() }])
  })

  it('is the end of a listing, which is all that there is to say then', async () => {
    const { line, becomes, acknowledge, as } = await shopper({ price: 50_000 }, 1)
    await becomes({ active: false, price: 60_000 })
    const { id, ...rest } = await line()
    expect(rest).toMatchObject({ availability: 'NO_LONGER_SOLD', available: 0, notices: [{ ...bare, kind: 'NO_LONGER_SOLD' }] })
    expect(await change(carts, ['changeQuantity', { lineId: id, quantity: 2 }], as)).toMatchObject({ code: 'VARIANT_NOT_SOLD' })
    await acknowledge()
    expect((await line()).notices).toEqual([])
  })
})

describe('news of listings', () => {
  it('that come late do not replace newer ones', async () => {
    const { line, coffee } = await shopper({ price: 50_000 }, 1)
    await publish(carts, { ...coffee, price: 70_000 }, 900_002)
    await publish(carts, { ...coffee, price: 60_000 }, 900_001)
    expect((await line()).unitPrice.amount).toBe(70_000)
  })

  it('that come twice are taken once', async () => {
    const { line, coffee } = await shopper({ price: 50_000 }, 1)
    const event = { type: 'ListingChanged', id: 'products:777', aggregateId: coffee.variantId, seq: 900_003 } as const
    await carts.deliver('products', { ...event, payload: { ...coffee, price: 80_000 } })
    await carts.deliver('products', { ...event, payload: { ...coffee, price: 90_000 } })
    expect((await line()).unitPrice.amount).toBe(80_000)
  })
})

describe('the cost of reading a cart', () => {
  const query = `{ cart { id version itemsTotal { amount } selectedLines lines { id notices { kind } }
    groups { id shop { id } weightGrams volumeCubicCm originRegencyCode itemsTotal { amount } lines { id unitPrice { amount } } } } }`

  async function statementsOf(shops: number): Promise<readonly string[]> {
    const as = accountForTest()
    for (let shop = 0; shop < shops; shop++) {
      const first = await publish(carts)
      await add(carts, { as }, first)
      await add(carts, { as }, await publish(carts, { shopId: first.shopId }))
    }
    const before = carts.statements.length
    const result = await carts.execute({ query, as })
    expect((result.data as { cart: { groups: unknown[] } }).cart.groups).toHaveLength(shops)
    return carts.statements.slice(before)
  }

  it('is one statement, whether it has lines of one shop or of three', async () => {
    expect(await statementsOf(1)).toHaveLength(1)
    expect(await statementsOf(3)).toHaveLength(1)
  })

  it('is nothing more after a change of it, which takes one statement to read it and one to write', async () => {
    const as = accountForTest()
    const { cart } = await add(carts, { as }, await publish(carts))
    const choice = { groupId: cart!.groups[0]!.id, courierServiceId: 'jne_reg' }
    const before = carts.statements.length
    const changed = await change(carts, ['chooseShipping', choice], as)
    expect(carts.statements.slice(before)).toHaveLength(2)
    expect(changed.cart).toEqual(await readCart(carts, { as }))
  })

  it('is one statement for references to many lines', async () => {
    const as = accountForTest()
    const lines = []
    for (let line = 0; line < 4; line++) lines.push((await add(carts, { as }, await publish(carts))).cart!.lines.at(-1)!.id)
    const representations = lines.map((id) => ({ __typename: 'CartLine', id }))
    const before = carts.statements.length
    const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on CartLine { quantity notices { kind } } } }'
    await carts.execute({ query: entities, variables: { r: representations }, as })
    expect(carts.statements.slice(before)).toHaveLength(1)
  })
})
