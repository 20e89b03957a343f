import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  act,
  makeCategory,
  makeDraft,
  makeProduct,
  makeShop,
  read,
  reserve,
  confirm,
  startMarket,
  checkoutId,
  variantInput,
  type TestMarket,
  type TestProduct,
  type TestShop,
} from './support.ts'

let market: TestMarket
let jakarta: TestShop
let bandung: TestShop
let computers: string
let keyboards: string
let fashion: string
const sold: Record<string, TestProduct> = {}

const add = async (
  name: string,
  shop: TestShop,
  { price, units = 5, ...changes }: Record<string, unknown> & { price: number; units?: number },
) => {
  sold[name] = await makeProduct(market, shop, {
    title: name,
    description: 'Baru',
    variants: [variantInput({ price })],
    units,
    ...changes,
  })
}

beforeAll(async () => {
  market = await startMarket()
  jakarta = await makeShop(market, ['31.73.05'])
  bandung = await makeShop(market, ['32.73.01'])
  computers = await makeCategory(market)
  keyboards = await makeCategory(market, { parentId: computers })
  fashion = await makeCategory(market)
  await add('Wireless Keyboard i8 Mini', jakarta, { price: 53_500, categoryId: keyboards })
  await add('Keyboard mekanik', bandung, { price: 300_000, categoryId: keyboards })
  await add('Adaptor monitor', jakarta, { price: 55_000, categoryId: computers, description: 'Cocok untuk keyboard juga' })
  await add('Kemeja batik', bandung, { price: 120_000, categoryId: fashion, units: 0 })
  await add('Celana panjang', jakarta, { price: 90_000, categoryId: fashion })
  await makeDraft(market, jakarta, { title: 'Keyboard rahasia', categoryId: keyboards })
})

afterAll(() => market.stop())

const query = `query ($filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {
  products(filter: $filter, sort: $sort, first: $first, after: $after) { edges { cursor node { id title } } pageInfo { hasNextPage hasPreviousPage endCursor } } }`

interface Page {
  readonly edges: { readonly cursor: string; readonly node: { readonly id: string; readonly title: string } }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly endCursor: string | null }
}

const page = async (variables: Record<string, unknown>) => (await read(market, query, { variables }))['products'] as Page

const titles = async (variables: Record<string, unknown>) => (await page(variables)).edges.map(({ node }) => node.title)

const sorted = (names: readonly string[]) => names.toSorted()

describe('the list of products', () => {
  it('shows of each what a card has: a picture, and from where it is sent', async () => {
    const card = `query ($filter: ProductFilter) { products(filter: $filter, sort: PRICE_ASC) { edges { node {
      title image { url altText } sentFrom { code name province { name } } } } } }`
    const { products } = await read(market, card, { variables: { filter: { shopId: bandung.shopId } } })
    const image = { url: '/pictures/keyboard.svg', altText: 'Papan ketik hitam' }
    const sentFrom = [{ code: '32.73', name: 'Kota Bandung', province: { name: 'Jawa Barat' } }]
    const cards = ['Kemeja batik', 'Keyboard mekanik'].map((title) => ({ node: { title, image, sentFrom } }))
    expect(products).toEqual({ edges: cards })
  })

  it('holds what is on sale and no drafts', async () => {
    expect(sorted(await titles({}))).toEqual(sorted(Object.keys(sold)))
  })

  it('narrows to a category with all below it', async () => {
    expect(sorted(await titles({ filter: { categoryId: computers } }))).toEqual([
      'Adaptor monitor',
      'Keyboard mekanik',
      'Wireless Keyboard i8 Mini',
    ])
    expect(sorted(await titles({ filter: { categoryId: keyboards } }))).toEqual(['Keyboard mekanik', 'Wireless Keyboard i8 Mini'])
  })

  it('narrows to a shop, to prices, to stock and to places', async () => {
    expect(sorted(await titles({ filter: { shopId: bandung.shopId } }))).toEqual(['Kemeja batik', 'Keyboard mekanik'])
    expect(sorted(await titles({ filter: { minPrice: 55_000, maxPrice: 120_000 } }))).toEqual([
      'Adaptor monitor',
      'Celana panjang',
      'Kemeja batik',
    ])
    expect(await titles({ filter: { inStock: false } })).toEqual(['Kemeja batik'])
    expect(sorted(await titles({ filter: { regencyCodes: ['32.73'] } }))).toEqual(['Kemeja batik', 'Keyboard mekanik'])
    expect(await titles({ filter: { regencyCodes: ['32.73'], inStock: true, categoryId: fashion } })).toEqual([])
  })

  it('says how many of each kind a filter would leave, each facet as if its own condition were not there', async () => {
    const facetsOf = async (filter: object) =>
      (
        await read(
          market,
          `query ($filter: ProductFilter) { productFacets(filter: $filter) { total inStock minPrice { amount } maxPrice { amount }
          categories { category { id } count } regencies { code name count } ratings { atLeast count } } }`,
          { variables: { filter } },
        )
      )['productFacets']
    const jakartaBarat = { code: '31.73', name: 'Kota Administrasi Jakarta Barat' }
    const kotaBandung = { code: '32.73', name: 'Kota Bandung' }
    const noRatings = [4, 3, 2, 1].map((atLeast) => ({ atLeast, count: 0 }))
    expect(await facetsOf({ text: 'keyboard' })).toEqual({
      total: 3,
      inStock: 3,
      minPrice: { amount: 53_500 },
      maxPrice: { amount: 300_000 },
      categories: [
        { category: { id: keyboards }, count: 2 },
        { category: { id: computers }, count: 1 },
      ],
      regencies: [
        { ...jakartaBarat, count: 2 },
        { ...kotaBandung, count: 1 },
      ],
      ratings: noRatings,
    })
    expect(await facetsOf({ regencyCodes: ['32.73'], maxPrice: 120_000, inStock: true })).toEqual({
      total: 0,
      inStock: 0,
      minPrice: { amount: 300_000 },
      maxPrice: { amount: 300_000 },
      categories: [],
      regencies: [{ ...jakartaBarat, count: 3 }],
      ratings: noRatings,
    })
    expect(await facetsOf({ text: 'tidak ada yang begini' })).toMatchObject({
      total: 0,
      minPrice: null,
      categories: [],
      regencies: [],
    })
  })

  it('finds words of the title before those of the description, stems, and misspellings', async () => {
    expect((await titles({ filter: { text: 'keyboard' } })).at(-1)).toBe('Adaptor monitor')
    expect(await titles({ filter: { text: 'keyboard' } })).toHaveLength(3)
    expect(await titles({ filter: { text: 'adaptornya' } })).toEqual(['Adaptor monitor'])
    expect(sorted(await titles({ filter: { text: 'keybord' } }))).toEqual(['Keyboard mekanik', 'Wireless Keyboard i8 Mini'])
    expect(await titles({ filter: { text: `'); DROP TABLE product; -- & | ! (` } })).toEqual([])
  })

  it('sorts by price and by age', async () => {
    expect(await titles({ sort: 'PRICE_ASC' })).toEqual([
      'Wireless Keyboard i8 Mini',
      'Adaptor monitor',
      'Celana panjang',
      'Kemeja batik',
      'Keyboard mekanik',
    ])
    expect(await titles({ sort: 'PRICE_DESC' })).toEqual((await titles({ sort: 'PRICE_ASC' })).toReversed())
    expect(await titles({ sort: 'NEWEST' })).toEqual(Object.keys(sold).toReversed())
  })

  it('sorts by units sold and by rating, and narrows to good ratings', async () => {
    const best = sold['Celana panjang']!
    const checkout = checkoutId()
    await reserve(market, checkout, [{ variantId: best.variantIds[0]!, quantity: 3 }])
    await confirm(market, checkout)
    expect((await titles({ sort: 'BEST_SELLING' }))[0]).toBe('Celana panjang')
    expect((await titles({}))[0]).toBe('Celana panjang')
    for (const [title, rating] of [
      ['Kemeja batik', 5],
      ['Adaptor monitor', 3],
    ] as const)
      await review(sold[title]!, rating)
    expect((await titles({ sort: 'RATING' })).slice(0, 2)).toEqual(['Kemeja batik', 'Adaptor monitor'])
    expect(await titles({ filter: { minRating: 3.5 } })).toEqual(['Kemeja batik'])
  })

  it.each(['RELEVANCE', 'NEWEST', 'PRICE_ASC', 'PRICE_DESC', 'RATING', 'BEST_SELLING'])(
    'is the same by pages as at once, by %s',
    async (sort) => {
      for (const filter of [{}, { text: 'keyboard' }]) {
        const whole = await titles({ sort, filter, first: 100 })
        const paged: string[] = []
        for (let after: string | null = null, more = true; more;) {
          const { edges, pageInfo }: Page = await page({ sort, filter, first: 2, after })
          expect(pageInfo.hasPreviousPage).toBe(after !== null)
          paged.push(...edges.map(({ node }) => node.title))
          after = pageInfo.endCursor
          more = pageInfo.hasNextPage
        }
        expect(paged).toEqual(whole)
      }
    },
  )

  it('keeps its place when something new comes in front', async () => {
    const { edges, pageInfo } = await page({ sort: 'NEWEST', first: 2 })
    await add('Baru saja datang', jakarta, { price: 1_000, categoryId: fashion })
    const next = await titles({ sort: 'NEWEST', first: 2, after: pageInfo.endCursor })
    expect(edges.map(({ node }) => node.title).filter((title) => next.includes(title))).toEqual([])
    expect(next).toEqual(['Adaptor monitor', 'Keyboard mekanik'])
    await act(market, jakarta.seller, ['archiveProduct', { productId: sold['Baru saja datang']!.productId }])
  })

  it('goes on only by the sort that a cursor is of', async () => {
    const sorts = ['NEWEST', 'PRICE_ASC', 'PRICE_DESC', 'RATING', 'BEST_SELLING']
    const refusals = async (variables: Record<string, unknown>) => {
      const { endCursor: after } = (await page({ ...variables, first: 1 })).pageInfo
      const asked = await Promise.all(sorts.map((sort) => market.execute({ query, variables: { sort, after } })))
      return sorts.filter((_, index) => asked[index]!.errors?.[0]?.extensions['field'] === 'after')
    }
    for (const sort of sorts) expect(await refusals({ sort })).toEqual(sorts.filter((other) => other !== sort))
    expect(await refusals({ sort: 'RELEVANCE', filter: { text: 'keyboard' } })).toEqual(sorts)
  })

  it.each([
    ['first', { first: 0 }],
    ['first', { first: -1 }],
    ['first', { first: 101 }],
    ['after', { after: 'x' }],
    ['after', { after: Buffer.from('["PRICE_ASC","x","y"]').toString('base64url'), sort: 'PRICE_ASC' }],
    ['after', { after: Buffer.from('["PRICE_ASC",1.5,"y"]').toString('base64url'), sort: 'PRICE_ASC' }],
    ['after', { after: Buffer.from('["NEWEST","2026-99-99T00:00:00Z","y"]').toString('base64url'), sort: 'NEWEST' }],
    ['after', { after: Buffer.from('["NEWEST","2024-02-30T00:00:00Z","y"]').toString('base64url'), sort: 'NEWEST' }],
    ['after', { after: Buffer.from('["PRICE_ASC",1]').toString('base64url'), sort: 'PRICE_ASC' }],
    ['after', { after: Buffer.from('[1,"y"]').toString('base64url'), sort: 'PRICE_ASC' }],
    ['categoryId', { filter: { categoryId: 'prd_1' } }],
    ['text', { filter: { text: ' ' } }],
    ['text', { filter: { text: 'x'.repeat(101) } }],
    ['minPrice', { filter: { minPrice: -1 } }],
    ['minRating', { filter: { minRating: 6 } }],
    ['maxPrice', { filter: { minPrice: 20_000, maxPrice: 10_000 } }],
    ['regencyCodes', { filter: { regencyCodes: ['99.99'] } }],
    ['regencyCodes', { filter: { regencyCodes: [] } }],
  ])('refuses a wrong %s', async (field, variables) => {
    const { errors } = await market.execute({ query, variables })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
  })
})

async function review({ productId, variantIds }: TestProduct, rating: number) {
  const buyer = accountForTest()
  const orderLineId = newId('orderLine')
  const line = { orderLineId, variantId: variantIds[0]!, productId, sku: 'x', title: 'x', quantity: 1, unitPrice: 1 }
  const order = { orderId: newId('order'), checkoutId: checkoutId(), buyerId: buyer.accountId, shopId: jakarta.shopId }
  await market.deliver('orders', { type: 'OrderCompleted', id: `orders:${orderLineId}`, payload: { ...order, lines: [line] } })
  expect((await act(market, buyer, ['submitReview', { orderLineId, rating, text: 'ok' }]))['__typename']).toBe(
    'SubmitReviewSuccess',
  )
}

describe('the number of statements', () => {
  const everything = `query ($first: Int) { products(first: $first, sort: PRICE_ASC) { edges { node { title shop { id } category { name breadcrumbs { name } parent { name } }
    images { url } minPrice { amount } rating { average } variants { sku price { amount } available product { id } } reviews(first: 3, sort: HIGHEST) { edges { node { text product { id } } } } } } } }`

  const count = async (run: () => Promise<unknown>) => {
    const before = market.statements.length
    await run()
    return market.statements.length - before
  }

  it('of a page does not grow with the page', async () => {
    const small = await count(() => read(market, everything, { variables: { first: 1 } }))
    const large = await count(() => read(market, everything, { variables: { first: 100 } }))
    expect(small).toBe(5)
    // A category that is also another one's parent is read in the same batch.
    expect(large).toBeLessThanOrEqual(small)
  })

  it('of entities does not grow with their number', async () => {
    const entities = `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on Variant { sku available product { title category { name } } } ... on Shop { products(first: 2) { edges { node { title } } } } } }`
    const variants = Object.values(sold).map(({ variantIds }) => ({ __typename: 'Variant', id: variantIds[0] }))
    const shops = [jakarta, bandung].map(({ shopId }) => ({ __typename: 'Shop', id: shopId }))
    const few = await count(() => read(market, entities, { variables: { r: [variants[0], shops[1]] } }))
    const many = await count(() => read(market, entities, { variables: { r: [...variants, ...shops] } }))
    expect(many).toBe(few)
    expect(many).toBe(4)
  })
})

describe('a suspended shop', () => {
  it('is gone from lists, reads and checkouts until it is reinstated, whatever order the news comes in', async () => {
    const shop = await makeShop(market)
    const { productId, variantIds } = await makeProduct(market, shop, { title: 'Barang toko nakal' })
    const state = (type: 'ShopSuspended' | 'ShopReinstated', seq: number) =>
      market.deliver('users', { type, seq, id: `users:${shop.shopId}:${seq}`, payload: { shopId: shop.shopId } })
    const seen = () => read(market, `query ($id: ID!) { product(id: $id) { id } }`, { variables: { id: productId } })
    await state('ShopSuspended', 2)
    expect(await titles({ filter: { shopId: shop.shopId } })).toEqual([])
    expect(await seen()).toEqual({ product: null })
    const held = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { title } } }`
    expect(await read(market, held, { variables: { r: [{ __typename: 'Product', id: productId }] } })).toEqual({
      _entities: [{ title: 'Barang toko nakal' }],
    })
    expect((await reserve(market, checkoutId(), [{ variantId: variantIds[0]!, quantity: 1 }]))['__typename']).toBe(
      'ProductsUnavailable',
    )
    const later = await makeProduct(market, shop)
    expect(await titles({ filter: { shopId: shop.shopId } })).toEqual([])
    await market.settle()
    for (const id of [variantIds[0], later.variantIds[0]])
      expect(market.published.findLast(({ aggregateId }) => aggregateId === id)?.payload).toMatchObject({ active: false })
    await state('ShopReinstated', 4)
    await state('ShopSuspended', 3)
    expect(await seen()).toEqual({ product: { id: productId } })
    expect(await titles({ filter: { shopId: shop.shopId } })).toHaveLength(2)
    await market.settle()
    expect(market.published.findLast(({ aggregateId }) => aggregateId === variantIds[0])?.payload).toMatchObject({ active: true })
  })
})
