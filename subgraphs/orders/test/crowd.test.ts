import { limits } from '@pasar/shared/limits'
import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FakeVariant } from './fake-market.ts'
import { openMarket, type Market, type Result } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

const want = (variant: FakeVariant, quantity = 1) => {
  const buyer = accountForTest()
  const { cartId, version } = market.fake.addCart(buyer.accountId, [{ variant, quantity }])
  return { buyer, cart: { cartId, version } }
}
type Buyer = ReturnType<typeof want>

const crowd = (variant: FakeVariant, count: number): Buyer[] => Array.from({ length: count }, () => want(variant))
/** Whoever is sent away because the line is slow comes again with the same key. */
const pressOnce = async (buyer: Buyer, idempotencyKey: string): Promise<Result> =>
  market.checkout(buyer, { idempotencyKey }).catch((error: unknown) => {
    if (String(error).includes('SERVICE_UNAVAILABLE')) return pressOnce(buyer, idempotencyKey)
    throw error
  })
const press = (buyers: readonly Buyer[]) => Promise.all(buyers.map((buyer) => pressOnce(buyer, newId('movement'))))
const kinds = (results: readonly Result[]) => {
  const count = (name: string) => results.filter(({ __typename }) => __typename === name).length
  return { placed: count('CheckoutPlaced'), soldOut: count('CheckoutOutOfStock'), all: results.length }
}
const begunFrom = (from: number) => market.fake.sent.slice(from).filter(({ field }) => field === 'cartsLock').length

/** A crowd that fills every place, with one more behind it. */
const full = limits.checkoutsAtOnce + 4

describe('when many more come than there are units', () => {
  it('sells each unit, and tells the others that it is sold out without beginning a checkout for each', async () => {
    const variant = market.fake.addVariant(newId('shop'), { stock: 5 })
    const from = market.fake.sent.length
    const results = await press(crowd(variant, 100))
    expect(kinds(results)).toEqual({ placed: 5, soldOut: 95, all: 100 })
    expect(results.find(({ __typename }) => __typename === 'CheckoutOutOfStock')).toMatchObject({
      lines: [{ variant: { id: variant.variantId }, available: 0 }],
    })
    expect(begunFrom(from)).toBeLessThan(3 * limits.checkoutsAtOnce)
    expect(variant.stock).toBe(0)
  })

  it('tells that a flash sale is sold out, with more on the shelf, without beginning a checkout for each', async () => {
    const variant = market.fake.addVariant(newId('shop'), { stock: 100 })
    variant.saleLeft = 5
    const from = market.fake.sent.length
    const results = await press(crowd(variant, 100))
    expect(kinds(results)).toEqual({ placed: 5, soldOut: 0, all: 100 })
    const limited = results.filter(({ __typename }) => __typename === 'CheckoutFlashSaleLimited')
    expect(limited).toHaveLength(95)
    expect(limited[0]).toMatchObject({ lines: [{ variant: { id: variant.variantId }, available: 0 }] })
    expect(begunFrom(from)).toBeLessThan(3 * limits.checkoutsAtOnce)
  })

  it('tells who has bought in a flash sale how much of it this buyer can have, without beginning a checkout', async () => {
    const variant = market.fake.addVariant(newId('shop'), { stock: 100 })
    const [first, loyal] = [want(variant, 4), want(variant, 4)]
    variant.saleLeft = 3
    variant.saleLeftFor = new Map([[loyal.buyer.accountId, 1]])
    const from = market.fake.sent.length
    // Whoever comes after one who was told so is looked for first.
    const results = [await pressOnce(first, newId('movement')), await pressOnce(loyal, newId('movement'))]
    expect(results).toMatchObject([3, 1].map((available) => ({ __typename: 'CheckoutFlashSaleLimited', lines: [{ available }] })))
    expect(begunFrom(from)).toBeLessThan(2)
  })

  it('looks once for all who want more of a flash sale than it has left, whatever each of them can have', async () => {
    const variant = market.fake.addVariant(newId('shop'), { stock: 100 })
    const buyers = Array.from({ length: 100 }, () => want(variant, 2))
    variant.saleLeft = 1
    variant.saleLeftFor = new Map([[buyers.at(-1)!.buyer.accountId, 0]])
    const from = market.fake.sent.length
    const results = await press(buyers)
    const told = [...Array.from({ length: 99 }, () => 1), 0]
    expect(results).toMatchObject(told.map((available) => ({ __typename: 'CheckoutFlashSaleLimited', lines: [{ available }] })))
    expect(begunFrom(from)).toBeLessThan(3 * limits.checkoutsAtOnce)
    expect(market.fake.sent.slice(from).filter(({ field }) => field === 'productsShort').length).toBeLessThan(
      limits.checkoutsAtOnce,
    )
  })

  it('serves whoever stands in line for something else', async () => {
    const [gone, there] = [0, 100].map((stock) => market.fake.addVariant(newId('shop'), { stock }))
    const results = await press([...crowd(gone!, full), ...crowd(there!, full), ...crowd(gone!, full)])
    expect(kinds(results.slice(full, 2 * full))).toEqual({ placed: full, soldOut: 0, all: full })
    expect(kinds(results)).toEqual({ placed: full, soldOut: 2 * full, all: 3 * full })
  })

  it('tells nobody that a thing is sold out of which there is as much as this buyer wants, however often the line looks', async () => {
    const gone = market.fake.addVariant(newId('shop'), { stock: 0 })
    const theirs = Array.from({ length: full }, () => want(market.fake.addVariant(newId('shop'), { stock: 2 }), 2))
    const results = await press([...crowd(gone, full), ...theirs, ...crowd(gone, full)])
    expect(kinds(results.slice(full, 2 * full))).toEqual({ placed: full, soldOut: 0, all: full })
  })

  it('tells nobody who got one that it is sold out, however often they press', async () => {
    const variant = market.fake.addVariant(newId('shop'), { stock: 1 })
    const [first, ...others] = crowd(variant, full)
    const idempotencyKey = newId('movement')
    expect(await pressOnce(first!, idempotencyKey)).toMatchObject({ __typename: 'CheckoutPlaced' })
    const again = Promise.all(Array.from({ length: full }, () => pressOnce(first!, idempotencyKey)))
    expect(kinds(await press(others))).toMatchObject({ placed: 0, soldOut: full - 1 })
    expect(kinds(await again)).toEqual({ placed: full, soldOut: 0, all: full })
  })

  it('sells what comes back', async () => {
    const variant = market.fake.addVariant(newId('shop'), { stock: 0 })
    expect(kinds(await press(crowd(variant, full)))).toMatchObject({ soldOut: full })
    variant.stock = 2
    expect(kinds(await press(crowd(variant, full)))).toMatchObject({ placed: 2, soldOut: full - 2 })
  })

  it('lets the checkouts find out by themselves where nobody can be asked', async () => {
    const variant = market.fake.addVariant(newId('shop'), { stock: 3 })
    market.fake.fail('cartsWanted', 'down', 1_000)
    try {
      expect(kinds(await press(crowd(variant, full)))).toEqual({ placed: 3, soldOut: full - 3, all: full })
    } finally {
      market.fake.heal()
    }
  })
})
