import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { completedLine } from './review-scene.ts'
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

const buy = (buyer: AccountViewer, product: TestProduct): Promise<string> => completedLine(market, shop, { buyer, product })

const submit = (buyer: AccountViewer, input: Record<string, unknown>) =>
  act(market, buyer, [
    'submitReview',
    { text: 'Barang bagus', rating: 5, ...input },
    '... on SubmitReviewSuccess { review { id rating text author { id } authorName product { id } } } ... on AlreadyReviewed { reviewId }',
  ])

describe('a review', () => {
  it('is written by the buyer of a completed order line, once', async () => {
    const product = await makeProduct(market, shop)
    const buyer = accountForTest()
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

  it('is not written by whoever owns the shop or helps in it, although they bought there', async () => {
    const product = await makeProduct(market, shop)
    const buyer = accountForTest(['seller'])
    const orderLineId = await buy(buyer, product)
    const mayReview = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on OrderLine { mayReview } } }`
    const submitted = `mutation ($input: SubmitReviewInput!) { submitReview(input: $input) { __typename } }`
    for (const as of [
      { ...buyer, shopIds: [shop.shopId] },
      { ...buyer, helpedShopIds: [shop.shopId] },
    ]) {
      const variables = { r: [{ __typename: 'OrderLine', id: orderLineId }], input: { orderLineId, rating: 5, text: 'Hebat' } }
      expect(await read(market, mayReview, { variables, as })).toEqual({ _entities: [{ mayReview: false }] })
      const { errors } = await market.execute({ query: submitted, variables, as })
      expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN')
    }
    expect(await submit(buyer, { orderLineId })).toMatchObject({ __typename: 'SubmitReviewSuccess' })
  })

  it('is asked of its buyer once the order is completed, and shown on the line that it was written of', async () => {
    const product = await makeProduct(market, shop)
    const buyer = accountForTest()
    const ids = [await buy(buyer, product), await buy(buyer, product), newId('orderLine')]
    const { review } = await submit(buyer, { orderLineId: ids[0], rating: 4 })
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on OrderLine { mayReview review { id rating } } } }`
    const variables = { r: ids.map((id) => ({ __typename: 'OrderLine', id })) }
    const linesOf = async (as?: AccountViewer) => (await read(market, query, { variables, ...(as && { as }) }))['_entities']
    const nothing = { mayReview: false, review: null }
    const written = { id: text(review, 'id'), rating: 4 }
    expect(await linesOf(buyer)).toEqual([{ mayReview: false, review: written }, { mayReview: true, review: null }, nothing])
    for (const as of [undefined, accountForTest(), shop.seller, accountForTest(['support'])])
      expect(await linesOf(as)).toEqual([nothing, nothing, nothing])
    await act(market, accountForTest(['support']), ['takeDownReview', { reviewId: written.id, reason: 'Memuat nomor telepon' }])
    expect(await linesOf(buyer)).toMatchObject([{ mayReview: false, review: written }, { mayReview: true }, nothing])
  })

  it('is refused to everyone else and to guests', async () => {
    const product = await makeProduct(market, shop)
    const orderLineId = await buy(accountForTest(), product)
    expect((await submit(accountForTest(), { orderLineId }))['__typename']).toBe('NotPurchased')
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
    const { errors } = await market.execute({ query, variables: { input }, as: accountForTest() })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
  })

  it('disappears with its product', async () => {
    const product = await makeProduct(market, shop)
    const buyer = accountForTest()
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
    const buyers = stars.map(() => accountForTest())
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
      const buyer = accountForTest()
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
    const highest = (await read(market, query, { variables: { id: product.productId, sort: 'HIGHEST' } }))['product'] as Reviews
    const variables = { id: product.productId, sort: 'LOWEST', after: highest.reviews.pageInfo.endCursor }
    const { errors } = await market.execute({ query, variables })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
  })
})

describe('the reviews of a product', () => {
  it('can be narrowed to those with so many stars, by pages', async () => {
    const product = await makeProduct(market, shop)
    for (const [index, star] of [5, 1, 5, 1, 1].entries()) {
      market.clock.advance(1_000)
      const buyer = accountForTest()
      await submit(buyer, { orderLineId: await buy(buyer, product), rating: star, text: `${index}` })
    }
    const query = `query ($id: ID!, $rating: Int, $after: String) { product(id: $id) { reviews(rating: $rating, first: 2, after: $after) {
      edges { node { text } } pageInfo { endCursor } } } }`
    type Reviews = { edges: { node: { text: string } }[]; pageInfo: { endCursor: string | null } }
    const page = async (rating: number, after: string | null = null) => {
      const data = await read(market, query, { variables: { id: product.productId, rating, after } })
      const { reviews } = data['product'] as { reviews: Reviews }
      return { texts: reviews.edges.map(({ node }) => node.text), end: reviews.pageInfo.endCursor }
    }
    const bad = await page(1)
    expect([bad.texts, (await page(1, bad.end)).texts]).toEqual([['4', '3'], ['1']])
    expect([(await page(5)).texts, (await page(3)).texts]).toEqual([['2', '0'], []])
    const { errors } = await market.execute({ query, variables: { id: product.productId, rating: 6 } })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'rating' })
  })
})

describe('the reviews of an account', () => {
  it('are read by itself, newest first and by pages, and by nobody else', async () => {
    const [author, other] = [accountForTest(), accountForTest()]
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
    for (const stranger of [other, accountForTest(['admin'])])
      expect(await texts(stranger, 'first: 2')).toEqual([{ reviews: null }])
  })
})

describe('the review of an erased account', () => {
  const erased = (buyer: AccountViewer) =>
    market.deliver('users', { type: 'AccountErased', id: `users:${buyer.accountId}`, payload: { accountId: buyer.accountId } })

  it('stays with its stars and its words, and is nobody’s', async () => {
    const product = await makeProduct(market, shop)
    const [gone, stays] = [accountForTest(), accountForTest()]
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
    const buyer = accountForTest()
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
    const buyer = accountForTest()
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
    const buyer = accountForTest()
    const orderLineId = await buy(buyer, await makeProduct(market, shop))
    await erased(buyer)
    expect(await submit(buyer, { orderLineId })).toMatchObject({ __typename: 'NotPurchased' })
  })
})

describe('a review that staff take down', () => {
  const support = accountForTest(['support'])
  const reason = 'Memuat nomor telepon orang lain'
  const move = (field: string, reviewId: string, as = support) => act(market, as, [field, { reviewId, reason }])
  const write = async (product: TestProduct, rating: number, buyer = accountForTest()) => {
    const orderLineId = await buy(buyer, product)
    return { buyer, orderLineId, id: text(await submit(buyer, { orderLineId, rating }), 'review', 'id') }
  }
  const shownOf = async ({ productId }: TestProduct) => {
    const query = `query ($id: ID!) { product(id: $id) { rating { average count distribution { count } } reviews { edges { node { id } } } } }`
    const { product } = await read(market, query, { variables: { id: productId } })
    const { rating, reviews } = product as {
      rating: { average: number | null; count: number; distribution: { count: number }[] }
      reviews: { edges: { node: { id: string } }[] }
    }
    const stars = rating.distribution.map(({ count }) => count)
    return { ...rating, distribution: stars, ids: reviews.edges.map(({ node }) => node.id) }
  }
  const entityOf = async (id: string, as?: AccountViewer) => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Review { text moderation { reason takenDownAt } } } }`
    const found = await market.execute<{ _entities: unknown[] }>({
      query,
      variables: { r: [{ __typename: 'Review', id }] },
      ...(as && { as }),
    })
    return found.data!._entities[0]
  }

  it('leaves the list and the stars of its product, and comes back into both', async () => {
    const product = await makeProduct(market, shop)
    const [bad, good] = [await write(product, 1), await write(product, 5)]
    const both = { average: 3, count: 2, distribution: [1, 0, 0, 0, 1], ids: [good.id, bad.id] }
    expect(await shownOf(product)).toEqual({ ...both, ids: expect.arrayContaining(both.ids) as string[] })
    for (let time = 0; time < 2; time += 1)
      expect(await move('takeDownReview', bad.id)).toEqual({ __typename: 'TakeDownReviewSuccess' })
    expect(await shownOf(product)).toEqual({ average: 5, count: 1, distribution: [1, 0, 0, 0, 0], ids: [good.id] })
    await move('takeDownReview', good.id)
    const none = { average: null, count: 0, distribution: [0, 0, 0, 0, 0], ids: [] }
    expect(await shownOf(product)).toEqual(none)
    for (let time = 0; time < 2; time += 1)
      for (const { id } of [bad, good]) expect(await move('restoreReview', id)).toEqual({ __typename: 'RestoreReviewSuccess' })
    expect(await shownOf(product)).toEqual({ ...both, ids: expect.arrayContaining(both.ids) as string[] })
  })

  it('is counted once also where staff take it down, restore it and others review at the same moment', async () => {
    const product = await makeProduct(market, shop)
    const written = await Promise.all([1, 2, 3, 4, 5].map((star) => write(product, star)))
    const first = written[0]!.id
    await Promise.all([
      ...[support, market.admin, support].map((as) => move('takeDownReview', first, as)),
      ...[4, 4].map((star) => write(product, star)),
    ])
    expect(await shownOf(product)).toMatchObject({ count: 6, distribution: [1, 3, 1, 1, 0] })
    await Promise.all([support, market.admin, support].map((as) => move('restoreReview', first, as)))
    expect(await shownOf(product)).toMatchObject({ count: 7, distribution: [1, 3, 1, 1, 1] })
  })

  it('no longer counts for where its product stands by its stars', async () => {
    const own = await makeShop(market)
    const [first, second] = [await makeProduct(market, own), await makeProduct(market, own)]
    const praise = await write(first, 5)
    await write(second, 4)
    const ranked = async () => {
      const query = `query ($filter: ProductFilter) { products(filter: $filter, sort: RATING) { edges { node { id } } } }`
      const { products } = await read(market, query, { variables: { filter: { shopId: own.shopId } } })
      return (products as { edges: { node: { id: string } }[] }).edges.map(({ node }) => node.id)
    }
    expect(await ranked()).toEqual([first.productId, second.productId])
    await move('takeDownReview', praise.id)
    expect(await ranked()).toEqual([second.productId, first.productId])
  })

  it('is read by its author with the reason, and by nobody else but staff', async () => {
    const product = await makeProduct(market, shop)
    const { buyer, id } = await write(product, 1)
    expect(await entityOf(id, buyer)).toEqual({ text: 'Barang bagus', moderation: null })
    await move('takeDownReview', id)
    const down = { text: 'Barang bagus', moderation: { reason, takenDownAt: market.clock.now().toISOString() } }
    for (const as of [undefined, accountForTest(), shop.seller]) expect(await entityOf(id, as)).toBeNull()
    for (const as of [buyer, support]) expect(await entityOf(id, as)).toEqual(down)
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on User { reviews { edges { node { text moderation { reason takenDownAt } } } } } } }`
    const variables = { r: [{ __typename: 'User', id: buyer.accountId }] }
    expect(await read(market, query, { as: buyer, variables })).toEqual({ _entities: [{ reviews: { edges: [{ node: down }] } }] })
  })

  it('is not followed by a second one of the same purchase', async () => {
    const { buyer, orderLineId, id } = await write(await makeProduct(market, shop), 1)
    await move('takeDownReview', id)
    expect(await submit(buyer, { orderLineId, rating: 1 })).toEqual({ __typename: 'AlreadyReviewed', reviewId: id })
  })

  it('stays down when its author is erased, without what the author was told', async () => {
    const product = await makeProduct(market, shop)
    const { buyer, id } = await write(product, 1)
    await move('takeDownReview', id)
    const payload = { accountId: buyer.accountId }
    await market.deliver('users', { type: 'AccountErased', id: `users:${buyer.accountId}`, payload })
    expect(await shownOf(product)).toMatchObject({ count: 0, ids: [] })
    expect(await entityOf(id, buyer)).toBeNull()
    expect(await entityOf(id, support)).toMatchObject({ moderation: { reason: null } })
    expect(await move('restoreReview', id)).toEqual({ __typename: 'RestoreReviewSuccess' })
    expect(await shownOf(product)).toMatchObject({ count: 1, ids: [id] })
  })

  it('is for staff to decide, of whom none wrote it or sells the product, and stands in the audit log', async () => {
    const product = await makeProduct(market, shop)
    const writer = accountForTest(['support'])
    const { id } = await write(product, 5, writer)
    const code = async (field: string, as: AccountViewer) => {
      const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`
      const query = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`
      const { errors } = await market.execute({ query, variables: { input: { reviewId: id, reason } }, as })
      return errors?.[0]?.extensions['code']
    }
    for (const field of ['takeDownReview', 'restoreReview'])
      for (const as of [accountForTest(), shop.seller, writer, accountForTest(['seller', 'support'], [shop.shopId])])
        expect(await code(field, as)).toBe('FORBIDDEN')
    expect(await shownOf(product)).toMatchObject({ count: 1 })
    expect((await move('takeDownReview', newId('review')))['__typename']).toBe('ReviewNotFound')
    await move('takeDownReview', id)
    await market.settle()
    const events = market.published.filter(
      ({ aggregateId, payload }) => aggregateId === id || ('subjectId' in payload && payload.subjectId === id),
    )
    const { accountId: actorId } = support
    expect(events.map(({ type, payload }) => [type, payload])).toEqual([
      ['ReviewSubmitted', expect.anything()],
      ['ReviewTakenDown', { reviewId: id, productId: product.productId, shopId: shop.shopId }],
      ['StaffActed', { actorId, action: 'review.takeDown', subjectId: id, reason }],
    ])
  })
})
