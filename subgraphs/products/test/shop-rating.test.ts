import { readFileSync } from 'node:fs'
import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writtenReview } from './review-scene.ts'
import { act, makeProduct, makeShop, openImport, read, startMarket, type TestMarket, type TestShop } from './support.ts'

let market: TestMarket

beforeAll(async () => {
  market = await startMarket()
})

afterAll(() => market.stop())

/** A shop, and ways to review one of its two products. */
async function reviewedShop() {
  const shop = await makeShop(market)
  const products = [await makeProduct(market, shop), await makeProduct(market, shop)]
  const review = (rating: number, product = products[0]!) =>
    writtenReview(market, shop, { buyer: accountForTest(), product, rating })
  return { shop, products, review }
}

/** What guests read of the ratings of shops. */
async function ratingsOf(...shops: readonly TestShop[]): Promise<readonly unknown[]> {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Shop { rating { average count } } } }`
  const r = shops.map(({ shopId }) => ({ __typename: 'Shop', id: shopId }))
  const { _entities } = await read(market, query, { variables: { r } })
  return (_entities as { rating: unknown }[]).map(({ rating }) => rating)
}

describe('the rating of a shop', () => {
  it('is the sum of the reviews of all its products, also of those that come at the same moment, and of no others', async () => {
    const [one, other] = [await reviewedShop(), await reviewedShop()]
    expect(await ratingsOf(one.shop)).toEqual([{ average: null, count: 0 }])
    await Promise.all([5, 5, 4, 1, 5, 4].map((stars, index) => one.review(stars, one.products[index % 2])))
    await other.review(2)
    await act(market, one.shop.seller, ['archiveProduct', { productId: one.products[1]!.productId }])
    expect(await ratingsOf(one.shop, other.shop)).toEqual([
      { average: 4, count: 6 },
      { average: 2, count: 1 },
    ])
    await one.review(5)
    expect(await ratingsOf(one.shop)).toEqual([{ average: 4.14, count: 7 }])
  })

  it('leaves out what staff take down, once, until they restore it', async () => {
    const { shop, products, review } = await reviewedShop()
    const [bad] = [await review(1), await review(5, products[1])]
    const move = (field: string) => act(market, accountForTest(['support']), [field, { reviewId: bad, reason: 'Kasar' }])
    await Promise.all([move('takeDownReview'), move('takeDownReview'), review(4)])
    expect(await ratingsOf(shop)).toEqual([{ average: 4.5, count: 2 }])
    await Promise.all([move('restoreReview'), move('restoreReview')])
    expect(await ratingsOf(shop)).toEqual([{ average: 3.33, count: 3 }])
    await market.settle()
    const told = market.published.filter(({ aggregateId }) => aggregateId === bad).map(({ type, payload }) => [type, payload])
    const payload = { reviewId: bad, productId: products[0]!.productId, shopId: shop.shopId }
    expect(told.slice(1)).toEqual([
      ['ReviewTakenDown', payload],
      ['ReviewRestored', payload],
    ])
  })

  it('counts what is imported, of several shops at once, and routers are told', async () => {
    const [one, other] = [await reviewedShop(), await reviewedShop()]
    await one.review(1)
    const { run, stop } = openImport(market)
    const rows = [
      ...[5, 4].flatMap((rating) => one.products.map(({ productId }) => ({ productId, rating }))),
      { productId: other.products[0]!.productId, rating: 3 },
    ]
    const written = { text: 'Bagus', authorName: null, createdAt: market.clock.now() }
    const reviews = rows.map((row) => ({ ...row, ...written, id: newId('review') }))
    for (let time = 0; time < 2; time += 1) await run({ reviews })
    await stop()
    expect(await ratingsOf(one.shop, other.shop)).toEqual([
      { average: 3.8, count: 5 },
      { average: 3, count: 1 },
    ])
    await market.settle()
    const told = market.published.flatMap((event) => (event.type === 'ReviewsImported' ? [event.payload.shopId] : []))
    expect(told.toSorted()).toEqual([one.shop.shopId, other.shop.shopId].toSorted())
  })

  it('is read with one statement, of however many shops', async () => {
    const shops = [(await reviewedShop()).shop, (await reviewedShop()).shop, (await reviewedShop()).shop]
    const before = market.statements.length
    await ratingsOf(...shops)
    expect(market.statements.slice(before)).toHaveLength(1)
  })

  it('is that of all reviews of before, in a market that had some when it began to be counted', async () => {
    const [one, other, none] = [await reviewedShop(), await reviewedShop(), await reviewedShop()]
    for (const stars of [5, 2]) await one.review(stars)
    await one.review(4, one.products[1])
    await other.review(3)
    const shops = [one.shop, other.shop, none.shop]
    const counted = await ratingsOf(...shops)
    const file = new URL('../../../prisma/products/migrations/20261122190100_shop_ratings/migration.sql', import.meta.url)
    const migration = readFileSync(file, 'utf8')
    await market.database.query('DELETE FROM shop_rating')
    await market.database.query(migration.slice(migration.indexOf('INSERT')))
    expect(await ratingsOf(...shops)).toEqual(counted)
    expect(counted).toEqual([
      { average: 3.67, count: 3 },
      { average: 3, count: 1 },
      { average: null, count: 0 },
    ])
  })
})
