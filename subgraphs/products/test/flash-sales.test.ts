import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bounds } from '../src/domain/bounds.ts'
import {
  act,
  checkoutId,
  makeProduct,
  makeShop,
  read,
  reserve,
  startMarket,
  startReplica,
  text,
  variantInput,
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

const hour = 3_600_000
const fromNow = (hours: number) => new Date(market.clock.now().getTime() + hours * hour).toISOString()
const regular = 100_000

/** A product on sale at the regular price. */
const goods = (changes: object = {}): Promise<TestProduct> =>
  makeProduct(market, shop, { variants: [variantInput({ price: regular })], ...changes })

const saleFields = 'id price { amount } regularPrice { amount } startsAt endsAt state'
const problems = `... on Problem { code message } ... on FlashSaleOverlaps { flashSale { id } }
  ... on FlashSaleNotCheaper { regularPrice { amount } }`

interface Wanted {
  readonly price?: number
  readonly from?: number
  readonly to?: number
}

const schedule = (
  { variantIds: [variantId] }: TestProduct,
  { price = 75_000, from = 1, to = from + 2 }: Wanted = {},
  as = shop.seller,
) =>
  act(market, as, [
    'scheduleFlashSale',
    { variantId, price, startsAt: fromNow(from), endsAt: fromNow(to) },
    `... on ScheduleFlashSaleSuccess { flashSale { ${saleFields} } } ${problems}`,
  ])

const cancel = (flashSaleId: string, as = shop.seller) =>
  act(market, as, [
    'cancelFlashSale',
    { flashSaleId },
    `... on CancelFlashSaleSuccess { flashSale { ${saleFields} } } ... on Problem { code }`,
  ])

const idOf = (scheduled: Record<string, unknown>) => text(scheduled, 'flashSale', 'id')

/** What everybody sees of a product. */
async function shelf({ productId }: TestProduct) {
  const query = `query ($id: ID!) { product(id: $id) { minPrice { amount } variants { price { amount } flashSale { ${saleFields} } } } }`
  const { product } = await read(market, query, { variables: { id: productId } })
  const { minPrice, variants } = product as {
    minPrice: { amount: number }
    variants: { price: { amount: number }; flashSale: { id: string; state: string; regularPrice: { amount: number } } | null }[]
  }
  expect(minPrice.amount).toBe(variants[0]!.price.amount)
  return { price: variants[0]!.price.amount, sale: variants[0]!.flashSale }
}

const pass = async (hours: number) => {
  market.clock.advance(hours * hour)
  await market.settle()
}

const unitPrice = async ({ variantIds }: TestProduct) => {
  const reserved = await reserve(market, checkoutId(), [{ variantId: variantIds[0]!, quantity: 1 }])
  return (reserved['lines'] as { unitPrice: number }[])[0]!.unitPrice
}

describe('a flash sale', () => {
  it('lowers the price by itself when it begins, and brings it back when it ends', async () => {
    const product = await goods()
    const scheduled = await schedule(product)
    expect(scheduled['flashSale']).toMatchObject({ state: 'SCHEDULED', price: { amount: 75_000 }, regularPrice: null })
    await market.settle()
    expect(await shelf(product)).toEqual({ price: regular, sale: null })
    await pass(1)
    expect(await shelf(product)).toMatchObject({
      price: 75_000,
      sale: { id: idOf(scheduled), state: 'RUNNING', regularPrice: { amount: regular } },
    })
    await pass(2)
    expect(await shelf(product)).toEqual({ price: regular, sale: null })
  })

  it('is shown on the card of its product, the cheapest of several, as long as it runs', async () => {
    const variants = [1, 2, 3].map(() => variantInput({ price: regular }))
    const product = await goods({ variants })
    const plain = await goods()
    const [, second, third] = product.variantIds.map((id) => ({ ...product, variantIds: [id] }))
    await schedule(product, { price: 90_000, to: 4 })
    const cheapest = await schedule(second!, { price: 60_000, to: 3 })
    await schedule(third!, { price: 50_000, from: 8 })
    const cards = async () => {
      const query = `query ($filter: ProductFilter) { products(filter: $filter, first: 2, sort: NEWEST) { edges { node {
        id flashSale { id price { amount } regularPrice { amount } } } } } }`
      const { products } = await read(market, query, { variables: { filter: { shopId: shop.shopId } } })
      const { edges } = products as { edges: { node: { id: string; flashSale: object | null } }[] }
      expect(edges.map(({ node }) => node.id)).toEqual([plain.productId, product.productId])
      return edges.map(({ node }) => node.flashSale)
    }
    expect(await cards()).toEqual([null, null])
    await pass(1)
    const shown = { id: idOf(cheapest), price: { amount: 60_000 }, regularPrice: { amount: regular } }
    expect(await cards()).toEqual([null, shown])
    await pass(2)
    expect(await cards()).toEqual([null, expect.objectContaining({ price: { amount: 90_000 } }) as object])
    await pass(1)
    expect(await cards()).toEqual([null, null])
  })

  it('is what a checkout pays while it runs, and not before or after', async () => {
    const product = await goods()
    await schedule(product)
    const prices = [await unitPrice(product)]
    await pass(1)
    prices.push(await unitPrice(product))
    await pass(2)
    prices.push(await unitPrice(product))
    expect(prices).toEqual([regular, 75_000, regular])
  })

  it('is told to everybody who follows the product, once when it begins and once when it ends', async () => {
    const product = await goods()
    await schedule(product)
    await market.settle()
    const told = market.published.length
    await pass(1)
    await pass(2)
    await market.settle()
    const news = market.published
      .slice(told)
      .filter(({ type, aggregateId }) => type === 'ListingChanged' && aggregateId === product.variantIds[0])
    expect(news.map(({ payload }) => (payload as { price: number }).price)).toEqual([75_000, regular])
  })

  it('begins at once where no time is named', async () => {
    const product = await goods()
    await act(market, shop.seller, [
      'scheduleFlashSale',
      { variantId: product.variantIds[0], price: 60_000, endsAt: fromNow(1) },
      '... on ScheduleFlashSaleSuccess { flashSale { state } }',
    ])
    await market.settle()
    expect((await shelf(product)).price).toBe(60_000)
  })

  it('whose whole time passed while the market was down never changes the price', async () => {
    const product = await goods()
    const { flashSale } = await schedule(product)
    await pass(5)
    expect(await shelf(product)).toEqual({ price: regular, sale: null })
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Shop { flashSales(first: 1) { edges { node { id state } } } } } }`
    const data = await read(market, query, { as: shop.seller, variables: { r: [{ __typename: 'Shop', id: shop.shopId }] } })
    expect(data).toMatchObject({
      _entities: [{ flashSales: { edges: [{ node: { id: (flashSale as { id: string }).id, state: 'ENDED' } }] } }],
    })
  })

  it('may follow the one before in the same moment: the price goes from one to the next', async () => {
    const product = await goods()
    await schedule(product, { price: 80_000, from: 1, to: 2 })
    await schedule(product, { price: 70_000, from: 2, to: 3 })
    await pass(1)
    expect((await shelf(product)).price).toBe(80_000)
    await pass(1)
    expect(await shelf(product)).toMatchObject({ price: 70_000, sale: { regularPrice: { amount: regular } } })
    await pass(1)
    expect((await shelf(product)).price).toBe(regular)
  })

  it('is called off when the regular price has fallen below it before it begins', async () => {
    const product = await goods()
    await schedule(product)
    await act(market, shop.seller, ['changeVariant', { variantId: product.variantIds[0], price: 70_000 }])
    await pass(1)
    expect(await shelf(product)).toEqual({ price: 70_000, sale: null })
    await pass(2)
    expect((await shelf(product)).price).toBe(70_000)
  })

  it('is turned once by several replicas that look at the same moment', async () => {
    const product = await goods()
    await schedule(product)
    const replica = await startReplica(market)
    await market.settle()
    const told = market.published.length
    market.clock.advance(hour)
    await Promise.all([market.settle(), replica.work()])
    await market.settle()
    await replica.stop()
    const news = market.published
      .slice(told)
      .filter(({ type, aggregateId }) => type === 'ListingChanged' && aggregateId === product.variantIds[0])
    expect(news).toHaveLength(1)
    expect((await shelf(product)).price).toBe(75_000)
  })
})

describe('a seller', () => {
  it('calls a flash sale off before it begins, or while it runs, and may say so twice', async () => {
    const product = await goods()
    const waiting = idOf(await schedule(product, { from: 5 }))
    expect(await cancel(waiting)).toMatchObject({ flashSale: { state: 'CANCELLED' } })
    const running = idOf(await schedule(product, { from: 1 }))
    await pass(1)
    for (const time of ['first', 'second'])
      expect({ time, ...(await cancel(running)) }).toMatchObject({ time, flashSale: { state: 'CANCELLED' } })
    await market.settle()
    expect(await shelf(product)).toEqual({ price: regular, sale: null })
    await pass(6)
    expect((await shelf(product)).price).toBe(regular)
  })

  it('cannot call off what is over', async () => {
    const product = await goods()
    const id = idOf(await schedule(product))
    await pass(3)
    expect(await cancel(id)).toMatchObject({ code: 'FLASH_SALE_ENDED' })
  })

  it('cannot change the price while a flash sale runs, and everything else of the variant', async () => {
    const product = await goods()
    await schedule(product)
    await pass(1)
    const change = (changes: object) =>
      act(market, shop.seller, [
        'changeVariant',
        { variantId: product.variantIds[0], ...changes },
        '... on FlashSaleRunning { code flashSale { price { amount } } }',
      ])
    expect(await change({ price: 1 })).toMatchObject({ code: 'FLASH_SALE_RUNNING', flashSale: { price: { amount: 75_000 } } })
    expect(await change({ name: 'Biru' })).toMatchObject({ __typename: 'ChangeVariantSuccess' })
    await pass(2)
    expect(await change({ price: 90_000 })).toMatchObject({ __typename: 'ChangeVariantSuccess' })
    expect((await shelf(product)).price).toBe(90_000)
  })

  it('is refused two at the same time, and one that is not cheaper, also than the regular price behind a running one', async () => {
    const product = await goods()
    const first = await schedule(product, { from: 1, to: 3 })
    expect(await schedule(product, { from: 2, to: 4 })).toMatchObject({
      code: 'FLASH_SALE_OVERLAPS',
      flashSale: { id: idOf(first) },
    })
    expect(await schedule(product, { from: 5, price: regular })).toMatchObject({
      code: 'FLASH_SALE_NOT_CHEAPER',
      regularPrice: { amount: regular },
    })
    await pass(1)
    expect(await schedule(product, { from: 5, price: 90_000 })).toMatchObject({ __typename: 'ScheduleFlashSaleSuccess' })
  })

  it('sent again without a key after it has begun is told of the one that is there', async () => {
    const { variantIds } = await goods()
    const input = { variantId: variantIds[0], price: 75_000, startsAt: fromNow(1), endsAt: fromNow(3) }
    const selection = `... on ScheduleFlashSaleSuccess { flashSale { ${saleFields} } } ${problems}`
    const send = () => act(market, shop.seller, ['scheduleFlashSale', input, selection])
    const first = await send()
    await pass(2)
    expect(await send()).toMatchObject({ code: 'FLASH_SALE_OVERLAPS', flashSale: { id: idOf(first) } })
  })

  it('that has looked before the variant changed is refused', async () => {
    const product = await goods()
    await act(market, shop.seller, ['changeVariant', { variantId: product.variantIds[0], price: 60_000 }])
    const input = { variantId: product.variantIds[0], price: 50_000, endsAt: fromNow(1), expectedVersion: 1 }
    expect(await act(market, shop.seller, ['scheduleFlashSale', input, '... on Problem { code }'])).toMatchObject({
      code: 'STALE_VARIANT',
    })
  })

  it('of another shop finds neither the variant nor the flash sale', async () => {
    const product = await goods()
    const other = await makeShop(market)
    expect(await schedule(product, {}, other.seller)).toMatchObject({ code: 'VARIANT_NOT_FOUND' })
    const id = idOf(await schedule(product))
    expect(await cancel(id, other.seller)).toMatchObject({ code: 'FLASH_SALE_NOT_FOUND' })
  })

  it.each([
    ['begins in the past', { from: -1, to: 1 }, 'startsAt'],
    ['begins too far ahead', { from: bounds.flashSaleDaysAheadMax * 24 + 1 }, 'startsAt'],
    ['ends before it begins', { from: 2, to: 1 }, 'endsAt'],
    ['lasts longer than it may', { from: 1, to: bounds.flashSaleHoursMax + 2 }, 'endsAt'],
    ['costs nothing', { price: 0 }, 'price'],
  ])('is told what is wrong with one that %s', async (_, wanted: Wanted, field) => {
    const product = await goods()
    const { price = 75_000, from = 1, to = from + 2 } = wanted
    const { errors } = await market.execute({
      query: `mutation ($input: ScheduleFlashSaleInput!) { scheduleFlashSale(input: $input) { __typename } }`,
      variables: { input: { variantId: product.variantIds[0], price, startsAt: fromNow(from), endsAt: fromNow(to) } },
      as: shop.seller,
    })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
  })
})

describe('the page of flash sales', () => {
  const list = async (args = '') => {
    const data = await read(
      market,
      `{ flashSales${args} { edges { cursor node { id variant { id } } } pageInfo { hasNextPage } } }`,
    )
    return data['flashSales'] as { edges: { cursor: string; node: { id: string } }[]; pageInfo: { hasNextPage: boolean } }
  }

  it('shows what runs now, what ends first at the front, page by page; neither what waits nor what is off sale', async () => {
    const [late, soon, off, waiting] = [await goods(), await goods(), await goods(), await goods()]
    const lateId = idOf(await schedule(late, { from: 1, to: 9 }))
    const soonId = idOf(await schedule(soon, { from: 1, to: 5 }))
    const offId = idOf(await schedule(off, { from: 1, to: 6 }))
    const waitingId = idOf(await schedule(waiting, { from: 3 }))
    await pass(1)
    await act(market, shop.seller, ['withdrawProduct', { productId: off.productId }])
    const found: string[] = []
    let after: string | undefined
    do {
      const page = await list(after === undefined ? '(first: 1)' : `(first: 1, after: "${after}")`)
      found.push(...page.edges.map(({ node }) => node.id))
      after = page.pageInfo.hasNextPage ? page.edges.at(-1)!.cursor : undefined
    } while (after !== undefined)
    expect(found.filter((id) => [lateId, soonId, offId, waitingId].includes(id))).toEqual([soonId, lateId])
  })

  it('of a shop, with what is to come, is its own alone', async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Shop { flashSales { edges { node { id } } } } } }`
    const variables = { r: [{ __typename: 'Shop', id: shop.shopId }] }
    const other = await makeShop(market)
    const seen = async (as: TestShop['seller']) =>
      ((await read(market, query, { as, variables }))['_entities'] as { flashSales: { edges: object[] } | null }[])[0]!.flashSales
    expect(await seen(other.seller)).toBeNull()
    expect((await seen(shop.seller))!.edges.length).toBeGreaterThan(0)
  })
})
