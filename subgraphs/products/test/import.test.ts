import { derivedId, newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportBatch } from '../src/domain/import.ts'
import {
  act,
  checkoutId,
  confirm,
  makeShop,
  openImport,
  read,
  reserve,
  startMarket,
  type TestImport,
  type TestMarket,
} from './support.ts'

let market: TestMarket
let statements = 0
let run: TestImport['run']
let stop: TestImport['stop']

beforeAll(async () => {
  market = await startMarket()
  ;({ run, stop } = openImport(market, () => (statements += 1)))
})

afterAll(async () => {
  await stop()
  await market.stop()
})

const shopId = derivedId('shop', 'Jakarta Barat', 'Computers')
const warehouse = {
  id: derivedId('warehouse', shopId),
  shopId,
  name: 'Gudang',
  contactName: 'Budi',
  phone: '0812345678',
  street: 'Jalan 1',
  districtCode: '31.73.05',
  regencyCode: '31.73',
  postalCode: '11530',
}
const top = { id: derivedId('category', 'top'), parentId: null, name: 'Elektronik', englishName: 'Electronics' }
const sub = { id: derivedId('category', 'sub'), parentId: top.id, name: 'Komputer', englishName: null }

const product = (name: string, onHand = 5) => ({
  id: derivedId('product', name),
  shopId,
  categoryId: sub.id,
  title: name,
  description: 'Diimpor',
  images: [],
  soldCount: 12,
  createdAt: new Date('2026-01-01T00:00:00Z'),
  variants: [50_000n, 70_000n].map((price) => ({
    id: derivedId('variant', name, String(price)),
    sku: `${name}-${price}`,
    name: 'Standar',
    price,
    weightGrams: 500,
    lengthMm: 10,
    widthMm: 10,
    heightMm: 10,
    stock: [{ warehouseId: warehouse.id, onHand }],
  })),
})

const review = (name: string, rating: number, nth = 1) => ({
  id: derivedId('review', name, String(rating), String(nth)),
  productId: derivedId('product', name),
  rating,
  text: 'Bagus',
  authorName: null,
  createdAt: new Date('2026-02-01T00:00:00Z'),
})

const batchOf = (names: readonly string[]): ImportBatch => ({
  categories: [sub, top],
  warehouses: [warehouse],
  products: names.map((name) => product(name)),
  reviews: names.flatMap((name) => [review(name, 5), review(name, 4), review(name, 5, 2)]),
})

const unchanged = (count: number) => ({ inserted: 0, unchanged: count })

describe('an import', () => {
  it('puts products on sale with stock, ratings, movements and listings', async () => {
    const counts = await run(batchOf(['Keyboard A', 'Keyboard B']))
    expect(counts).toEqual({
      categories: { inserted: 2, unchanged: 0 },
      warehouses: { inserted: 1, unchanged: 0 },
      products: { inserted: 2, unchanged: 0 },
      variants: { inserted: 4, unchanged: 0 },
      reviews: { inserted: 6, unchanged: 0 },
    })
    const query = `query ($filter: ProductFilter) { products(filter: $filter) { edges { node { title soldCount inStock minPrice { amount } maxPrice { amount }
      rating { average count } category { breadcrumbs { name } } reviews(first: 1) { edges { node { author { id } text } } } } } } }`
    const found = await read(market, query, {
      variables: { filter: { text: 'keyboard a', regencyCodes: ['31.73'], categoryId: top.id } },
    })
    expect((found['products'] as { edges: { node: unknown }[] }).edges[0]!.node).toEqual({
      title: 'Keyboard A',
      soldCount: 12,
      inStock: true,
      minPrice: { amount: 50_000 },
      maxPrice: { amount: 70_000 },
      rating: { average: 4.67, count: 3 },
      category: { breadcrumbs: [{ name: 'Electronics' }, { name: 'Komputer' }] },
      reviews: { edges: [{ node: { author: null, text: 'Bagus' } }] },
    })
    await market.settle()
    const event = market.published.findLast(({ aggregateId }) => aggregateId === derivedId('variant', 'Keyboard A', '50000'))
    expect(event).toMatchObject({ seq: 1, payload: { available: 5, active: true, originRegencyCode: '31.73', imageUrl: null } })
  })

  it('run again changes nothing and tells nobody, not even after sales', async () => {
    await run(batchOf(['Mouse']))
    const variantId = derivedId('variant', 'Mouse', '50000')
    const checkout = checkoutId()
    await reserve(market, checkout, [{ variantId, quantity: 2 }])
    await confirm(market, checkout)
    await market.settle()
    const before = market.published.length
    expect(await run(batchOf(['Mouse']))).toEqual({
      categories: unchanged(2),
      warehouses: unchanged(1),
      products: unchanged(1),
      variants: unchanged(2),
      reviews: unchanged(3),
    })
    await market.settle()
    expect(market.published).toHaveLength(before)
    const query = `query ($id: ID!) { product(id: $id) { soldCount rating { count } variants { available } } }`
    const seen = await read(market, query, { variables: { id: derivedId('product', 'Mouse') } })
    expect(seen['product']).toEqual({ soldCount: 14, rating: { count: 3 }, variants: [{ available: 3 }, { available: 5 }] })
  })

  it('adds what is new to what is there', async () => {
    await run(batchOf(['Kabel']))
    const counts = await run({ ...batchOf(['Kabel', 'Kabel 2']), reviews: [review('Kabel', 5), review('Kabel', 1)] })
    expect(counts).toMatchObject({ products: { inserted: 1, unchanged: 1 }, reviews: { inserted: 1, unchanged: 1 } })
    const seen = await read(market, `query ($id: ID!) { product(id: $id) { rating { average count } } }`, {
      variables: { id: derivedId('product', 'Kabel') },
    })
    expect(seen['product']).toEqual({ rating: { average: 3.75, count: 4 } })
    await market.settle()
    const told = market.published.filter(({ aggregateId }) => aggregateId === derivedId('variant', 'Kabel', '50000'))
    expect(told.map(({ seq }) => seq)).toEqual([1, 2])
  })

  it('counts what a batch names twice once', async () => {
    const counts = await run({
      ...batchOf([]),
      products: [product('Dobel'), product('Dobel')],
      reviews: [review('Dobel', 5), review('Dobel', 5)],
    })
    expect(counts).toMatchObject({ products: { inserted: 1, unchanged: 0 }, reviews: { inserted: 1, unchanged: 0 } })
  })

  it('takes the same number of statements for one product and for two hundred', async () => {
    const count = async (names: readonly string[]) => {
      const before = statements
      await run(batchOf(names))
      return statements - before
    }
    const few = await count(['Satu'])
    expect(await count(Array.from({ length: 200 }, (_, index) => `Banyak ${index}`))).toBe(few)
    expect(few).toBeLessThanOrEqual(22)
  })

  it('leaves products of a suspended shop off sale', async () => {
    const suspended = newId('shop')
    await market.deliver('users', { type: 'ShopSuspended', seq: 2, id: `users:${suspended}`, payload: { shopId: suspended } })
    await run({
      ...batchOf([]),
      warehouses: [{ ...warehouse, id: newId('warehouse'), shopId: suspended }],
      products: [{ ...product('Nakal'), shopId: suspended }],
    })
    expect(
      await read(market, `query ($id: ID!) { product(id: $id) { id } }`, { variables: { id: derivedId('product', 'Nakal') } }),
    ).toEqual({ product: null })
  })

  it('is sold and adjusted like everything else', async () => {
    const own = await makeShop(market)
    const mine = { ...warehouse, id: newId('warehouse'), shopId: own.shopId }
    const base = product('Milik sendiri')
    const variants = base.variants.map((variant) => ({ ...variant, stock: [{ warehouseId: mine.id, onHand: 2 }] }))
    await run({ ...batchOf([]), warehouses: [mine], products: [{ ...base, shopId: own.shopId, variants }] })
    const input = { variantId: variants[0]!.id, warehouseId: mine.id, delta: 3, reason: 'RECEIVED', idempotencyKey: 'k' }
    expect(await act(market, own.seller, ['adjustStock', input, '... on AdjustStockSuccess { onHand }'])).toMatchObject({
      onHand: 5,
    })
  })
})
