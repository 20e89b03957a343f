import { newId } from '@pasar/shared/ids'
import { accountViewer } from '@pasar/shared/testing/subgraph'
import type { AccountViewer } from '@pasar/shared/viewer'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  act,
  checkoutId,
  makeProduct,
  makeShop,
  read,
  startMarket,
  text,
  type TestMarket,
  type TestProduct,
  type TestShop,
} from './support.ts'

let market: TestMarket
let shop: TestShop

beforeAll(async () => {
  market = await startMarket()
  shop = await makeShop(market)
})

afterAll(() => market.stop())

/** An order line of the buyer that is completed. */
async function buy(buyer: AccountViewer, { productId, variantIds }: TestProduct): Promise<string> {
  const orderLineId = newId('orderLine')
  const line = { orderLineId, variantId: variantIds[0]!, productId, sku: 'x', title: 'x', quantity: 1, unitPrice: 1 }
  const order = { orderId: newId('order'), checkoutId: checkoutId(), buyerId: buyer.accountId, shopId: shop.shopId }
  await market.deliver('orders', { type: 'OrderCompleted', id: `orders:${orderLineId}`, payload: { ...order, lines: [line] } })
  return orderLineId
}

const submit = (buyer: AccountViewer, input: Record<string, unknown>) =>
  act(market, buyer, [
    'submitReview',
    { text: 'Barang bagus', rating: 5, ...input },
    '... on SubmitReviewSuccess { review { id rating text author { id } authorName product { id } } } ... on AlreadyReviewed { reviewId }',
  ])

describe('a review', () => {
  it('is written by the buyer of a completed order line, once', async () => {
    const product = await makeProduct(market, shop)
    const buyer = accountViewer()
    const orderLineId = await buy(buyer, product)
    const written = await submit(buyer, { orderLineId, rating: 4, text: ' Barang bagus ', authorName: 'Ani' })
    expect(written['review']).toMatchObject({
      rating: 4,
      text: 'Barang bagus',
      author: { id: buyer.accountId },
      authorName: 'Ani',
      product: { id: product.productId },
    })
    const again = await submit(buyer, { orderLineId })
    expect(again).toEqual({ __typename: 'AlreadyReviewed', reviewId: text(written, 'review', 'id') })
    await market.settle()
    expect(market.published.at(-1)).toMatchObject({
      type: 'ReviewSubmitted',
      payload: { productId: product.productId, shopId: shop.shopId, rating: 4 },
    })
  })

  it('is refused to everyone else and to guests', async () => {
    const product = await makeProduct(market, shop)
    const orderLineId = await buy(accountViewer(), product)
    expect((await submit(accountViewer(), { orderLineId }))['__typename']).toBe('NotPurchased')
    expect((await submit(shop.seller, { orderLineId: newId('orderLine') }))['__typename']).toBe('NotPurchased')
    const query = `mutation { submitReview(input: { orderLineId: "${orderLineId}", rating: 5, text: "" }) { __typename } }`
    expect((await market.execute({ query })).errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED')
  })

  it.each([
    ['rating', { rating: 0 }],
    ['rating', { rating: 6 }],
    ['text', { text: 'x'.repeat(5_001) }],
    ['authorName', { authorName: ' ' }],
    ['orderLineId', { orderLineId: 'ord_1' }],
  ])('refuses a wrong %s', async (field, changes) => {
    const query = `mutation ($input: SubmitReviewInput!) { submitReview(input: $input) { __typename } }`
    const input = { orderLineId: newId('orderLine'), rating: 5, text: '', ...changes }
    const { errors } = await market.execute({ query, variables: { input }, as: accountViewer() })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
  })

  it('disappears with its product', async () => {
    const product = await makeProduct(market, shop)
    const buyer = accountViewer()
    const written = await submit(buyer, { orderLineId: await buy(buyer, product) })
    await act(market, shop.seller, ['archiveProduct', { productId: product.productId }])
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }`
    const variables = { r: [{ __typename: 'Review', id: text(written, 'review', 'id') }] }
    expect((await market.execute({ query, variables })).data).toEqual({ _entities: [null] })
  })
})

describe('the rating of a product', () => {
  const rating = async (id: string) =>
    (
      await read(market, `query ($id: ID!) { product(id: $id) { rating { average count distribution { rating count } } } }`, {
        variables: { id },
      })
    )['product']

  it('is the sum of all reviews, also of those that come at the same moment', async () => {
    const product = await makeProduct(market, shop)
    expect(await rating(product.productId)).toMatchObject({ rating: { average: null, count: 0 } })
    const stars = [5, 5, 4, 1, 5, 4, 2, 5, 5, 3]
    const buyers = stars.map(() => accountViewer())
    const lines: string[] = []
    for (const buyer of buyers) lines.push(await buy(buyer, product))
    await Promise.all(stars.map((star, index) => submit(buyers[index]!, { orderLineId: lines[index], rating: star })))
    expect(await rating(product.productId)).toEqual({
      rating: {
        average: 3.9,
        count: 10,
        distribution: [
          [5, 5],
          [4, 2],
          [3, 1],
          [2, 1],
          [1, 1],
        ].map(([star, count]) => ({ rating: star, count })),
      },
    })
  })

  it('comes with the reviews in three orders, by pages', async () => {
    const product = await makeProduct(market, shop)
    for (const star of [3, 5, 1, 5]) {
      market.clock.advance(1_000)
      const buyer = accountViewer()
      await submit(buyer, { orderLineId: await buy(buyer, product), rating: star })
    }
    const query = `query ($id: ID!, $sort: ReviewSort, $after: String) { product(id: $id) { reviews(sort: $sort, first: 3, after: $after) {
      edges { node { rating } } pageInfo { endCursor hasNextPage } } } }`
    type Reviews = { reviews: { edges: { node: { rating: number } }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }
    const list = async (sort: string) => {
      const first = (await read(market, query, { variables: { id: product.productId, sort } }))['product'] as Reviews
      const rest = (
        await read(market, query, { variables: { id: product.productId, sort, after: first.reviews.pageInfo.endCursor } })
      )['product'] as Reviews
      expect([first.reviews.pageInfo.hasNextPage, rest.reviews.pageInfo.hasNextPage]).toEqual([true, false])
      return [...first.reviews.edges, ...rest.reviews.edges].map(({ node }) => node.rating)
    }
    expect(await list('NEWEST')).toEqual([5, 1, 5, 3])
    expect(await list('HIGHEST')).toEqual([5, 5, 3, 1])
    expect(await list('LOWEST')).toEqual([1, 3, 5, 5])
  })
})

describe('the reviews of an account', () => {
  it('are read by itself, newest first and by pages, and by nobody else', async () => {
    const [author, other] = [accountViewer(), accountViewer()]
    for (const text of ['satu', 'dua', 'tiga'])
      await submit(author, { orderLineId: await buy(author, await makeProduct(market, shop)), text })
    const texts = async (as: AccountViewer, page: string) => {
      const query = `{ _entities(representations: [{ __typename: "User", id: "${author.accountId}" }]) {
        ... on User { reviews(${page}) { edges { cursor node { text author { id } } } pageInfo { hasNextPage endCursor } } } } }`
      type Reviews = { edges: { node: { text: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
      return (await read(market, query, { as }))['_entities'] as [{ reviews: Reviews | null }]
    }
    const [{ reviews: first }] = await texts(author, 'first: 2')
    expect([first!.edges.map(({ node }) => node.text), first!.pageInfo.hasNextPage]).toEqual([['tiga', 'dua'], true])
    const [{ reviews: second }] = await texts(author, `first: 2, after: "${first!.pageInfo.endCursor}"`)
    expect([second!.edges.map(({ node }) => node.text), second!.pageInfo.hasNextPage]).toEqual([['satu'], false])
    for (const stranger of [other, accountViewer(['admin'])])
      expect(await texts(stranger, 'first: 2')).toEqual([{ reviews: null }])
  })
})

describe('the review of an erased account', () => {
  const erased = (buyer: AccountViewer) =>
    market.deliver('users', { type: 'AccountErased', id: `users:${buyer.accountId}`, payload: { accountId: buyer.accountId } })

  it('stays with its stars and its words, and is nobody’s', async () => {
    const product = await makeProduct(market, shop)
    const [gone, stays] = [accountViewer(), accountViewer()]
    for (const buyer of [gone, stays]) await submit(buyer, { orderLineId: await buy(buyer, product), authorName: 'Ani' })
    await erased(gone)
    await erased(gone)
    const query = `{ product(id: "${product.productId}") { rating { count } reviews { edges { node { id text rating authorName author { id } } } } } }`
    const shown = await read(market, query)
    expect(shown).toMatchObject({ product: { rating: { count: 2 } } })
    const { edges } = (shown as { product: { reviews: { edges: { node: Record<string, unknown> }[] } } }).product.reviews
    const signed = edges.map(({ node: { authorName, author, text } }) => [authorName, author, text])
    expect(signed).toHaveLength(2)
    expect(signed).toContainEqual(['Ani', { id: stays.accountId }, 'Barang bagus'])
    expect(signed).toContainEqual([null, null, 'Barang bagus'])
    await market.settle()
    const told = market.published.filter(({ type }) => type === 'ReviewUnsigned')
    expect(told.map(({ payload }) => payload)).toEqual([
      { reviewId: expect.stringMatching(/^rev_/) as string, productId: product.productId },
    ])
  })

  it('is nobody’s also where it is written while the account is erased', async () => {
    const product = await makeProduct(market, shop)
    const { productId } = product
    const buyer = accountViewer()
    const orderLineId = await buy(buyer, product)
    const { database } = market
    await database.query('BEGIN')
    await database.query('SELECT 1 FROM product WHERE id = $1 FOR UPDATE', [productId])
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    const written = submit(buyer, { orderLineId, authorName: 'Ani' })
    await vi.waitFor(async () => expect((await database.query(waiting)).rows).toHaveLength(1), 10_000)
    let isErased = false
    const erasing = erased(buyer).then(() => (isErased = true))
    await vi.waitFor(async () => expect(isErased || (await database.query(waiting)).rows.length === 2).toBe(true), 10_000)
    await database.query('COMMIT')
    await Promise.all([written, erasing])
    const query = `{ product(id: "${productId}") { reviews { edges { node { authorName author { id } } } } } }`
    expect(await read(market, query)).toEqual({ product: { reviews: { edges: [{ node: { authorName: null, author: null } }] } } })
  })

  it('is nobody’s also where its order was completed behind the end of the account', async () => {
    const product = await makeProduct(market, shop)
    const buyer = accountViewer()
    await erased(buyer)
    const [reviewed, other] = [await buy(buyer, product), await buy(buyer, product)]
    await submit(buyer, { orderLineId: reviewed, authorName: 'Ani' })
    const order = { orderId: newId('order'), checkoutId: checkoutId(), buyerId: buyer.accountId, shopId: shop.shopId }
    await market.deliver('orders', { type: 'BuyerErased', id: `orders:${order.orderId}`, payload: order })
    const query = `{ product(id: "${product.productId}") { reviews { edges { node { authorName author { id } } } } } }`
    expect(await read(market, query)).toEqual({ product: { reviews: { edges: [{ node: { authorName: null, author: null } }] } } })
    expect(await submit(buyer, { orderLineId: other })).toMatchObject({ __typename: 'NotPurchased' })
    await market.settle()
    expect(market.published.at(-1)).toMatchObject({ type: 'ReviewUnsigned', payload: { productId: product.productId } })
  })

  it('cannot be followed by another one of what it bought', async () => {
    const buyer = accountViewer()
    const orderLineId = await buy(buyer, await makeProduct(market, shop))
    await erased(buyer)
    expect(await submit(buyer, { orderLineId })).toMatchObject({ __typename: 'NotPurchased' })
  })
})
