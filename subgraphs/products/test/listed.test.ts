import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  act,
  checkoutId,
  confirm,
  holdBack,
  makeDraft,
  makeProduct,
  makeShop,
  openImport,
  read,
  receive,
  release,
  reserve,
  startMarket,
  startReplica,
  unique,
  untilWaiting,
  variantInput,
  type TestImport,
  type TestMarket,
  type TestShop,
} from './support.ts'

let market: TestMarket
let shop: TestShop
let imports: TestImport

beforeAll(async () => {
  market = await startMarket()
  imports = openImport(market)
  shop = await makeShop(market)
})
afterAll(async () => {
  await imports.stop()
  await market.stop()
})

const told = (variantId: string) =>
  market.published.filter(({ type, aggregateId }) => type === 'ListingChanged' && aggregateId === variantId)

const figuresOf = async (id: string) =>
  (await read(market, `query ($id: ID!) { product(id: $id) { inStock soldCount } }`, { variables: { id } }))['product']

const moveTo = async (own: TestShop, districtCode: string) => {
  const input = { warehouseId: own.warehouseIds[0], districtCode }
  expect((await act(market, own.seller, ['changeWarehouse', input]))['__typename']).toBe('ChangeWarehouseSuccess')
}

const sizes = { weightGrams: 500, lengthMm: 10, widthMm: 10, heightMm: 10 }

/** A product of one variant as an import puts it on sale. */
const imported = ({ shopId, categoryId, warehouseIds }: TestShop, onHand: number) => {
  const stock = [{ warehouseId: warehouseIds[0]!, onHand }]
  return {
    id: newId('product'),
    shopId,
    categoryId,
    title: 'Keripik',
    description: 'Diimpor',
    images: [],
    soldCount: 0,
    createdAt: market.clock.now(),
    variants: [{ id: newId('variant'), sku: unique('SKU'), name: 'Standar', price: 5_000n, ...sizes, stock }],
  }
}

describe('the listing of a bundle', () => {
  it('knows of the last unit of a component that was taken while the bundle was made', async () => {
    const [part, basket] = [await makeProduct(market, shop, { units: 1 }), await makeProduct(market, shop, { units: 0 })]
    const [partId, basketId] = [part.variantIds[0]!, basket.variantIds[0]!]
    await market.settle()
    const letGo = await holdBack(market, basketId)
    const input = { variantId: basketId, components: [{ variantId: partId, quantity: 1 }] }
    const making = act(market, shop.seller, ['setBundle', input])
    await untilWaiting(market, 1)
    expect((await reserve(market, checkoutId(), [{ variantId: partId, quantity: 1 }]))['__typename']).toBe('ProductsReserved')
    await market.subgraph.work()
    await letGo()
    expect((await making)['__typename']).toBe('SetBundleSuccess')
    await market.settle()
    expect(await figuresOf(basket.productId)).toMatchObject({ inStock: false })
    expect(told(basketId).at(-1)?.payload).toMatchObject({ available: 0 })
  })
})

describe('a warehouse that moves', () => {
  it('within its regency moves no listing', async () => {
    const own = await makeShop(market)
    const { variantIds } = await makeProduct(market, own)
    await market.settle()
    const before = told(variantIds[0]!).length
    await moveTo(own, '31.73.06')
    await market.settle()
    expect(told(variantIds[0]!)).toHaveLength(before)
    await moveTo(own, '32.73.01')
    await market.settle()
    expect(told(variantIds[0]!)).toHaveLength(before + 1)
    expect(told(variantIds[0]!).at(-1)?.payload).toMatchObject({ originRegencyCode: '32.73' })
  })

  it('takes with it what is put there for the first time at the same moment', async () => {
    const own = await makeShop(market)
    const variantId = (await makeDraft(market, own)).variantIds[0]!
    await market.settle()
    const letGo = await holdBack(market, variantId)
    const receiving = receive(market, own, { variantId, units: 5 })
    await untilWaiting(market, 1)
    let moved = false
    const moving = moveTo(own, '32.73.01').then(() => (moved = true))
    await untilWaiting(market, 2, () => moved)
    await letGo()
    await Promise.all([receiving, moving])
    await market.settle()
    expect(told(variantId).at(-1)?.payload).toMatchObject({ available: 5, originRegencyCode: '32.73' })
  })

  it('takes with it what an import puts there at the same moment', async () => {
    const own = await makeShop(market)
    const known = await makeProduct(market, own)
    await market.settle()
    const product = imported(own, 5)
    const review = { id: newId('review'), productId: known.productId, rating: 5, text: 'Bagus', authorName: null }
    const letGo = await holdBack(market, known.variantIds[0]!)
    const importing = imports.run({ products: [product], reviews: [{ ...review, createdAt: market.clock.now() }] })
    await untilWaiting(market, 1)
    let moved = false
    const moving = moveTo(own, '32.73.01').then(() => (moved = true))
    await untilWaiting(market, 2, () => moved)
    await letGo()
    await Promise.all([importing, moving])
    await market.settle()
    expect(told(product.variants[0]!.id).at(-1)?.payload).toMatchObject({ available: 5, originRegencyCode: '32.73' })
  })
})

describe('a warehouse that moves to and fro', () => {
  it('keeps no other shop from showing that something is sold out, and tells of each thing once', async () => {
    const [own, other] = [await makeShop(market), await makeShop(market)]
    const many = Array.from({ length: 1_500 }, () => imported(own, 1))
    for (let from = 0; from < many.length; from += 500) await imports.run({ products: many.slice(from, from + 500) })
    const last = await makeProduct(market, other, { units: 1 })
    await market.settle()
    for (let time = 0; time < 5; time += 1) {
      await moveTo(own, '32.73.01')
      await moveTo(own, '31.73.05')
    }
    await moveTo(own, '32.73.01')
    const checkout = checkoutId()
    await reserve(market, checkout, [{ variantId: last.variantIds[0]!, quantity: 1 }])
    await confirm(market, checkout)
    await market.subgraph.work()
    const query = `query ($filter: ProductFilter) { products(filter: $filter) { edges { node { id } } } }`
    const filter = { shopId: other.shopId, inStock: true }
    expect(await read(market, query, { variables: { filter } })).toEqual({ products: { edges: [] } })
    const before = market.published.length
    await market.settle()
    const moves = market.published.slice(before).filter(({ keys }) => keys.includes(own.shopId))
    expect(new Set(moves.map(({ aggregateId }) => aggregateId)).size).toBe(1_500)
    expect(moves).toHaveLength(1_500)
    for (const { payload } of moves) expect(payload).toMatchObject({ originRegencyCode: '32.73' })
  })

  it('is where it moved to while it was told of the move before', async () => {
    const own = await makeShop(market)
    const variantId = (await makeProduct(market, own)).variantIds[0]!
    await market.settle()
    await moveTo(own, '32.73.01')
    const letGo = await holdBack(market, variantId)
    const telling = market.subgraph.work()
    await untilWaiting(market, 1)
    let moved = false
    const moving = moveTo(own, '31.73.05').then(() => (moved = true))
    await untilWaiting(market, 2, () => moved)
    await letGo()
    await Promise.all([telling, moving])
    await market.settle()
    expect(told(variantId).at(-1)?.payload).toMatchObject({ originRegencyCode: '31.73' })
  })

  it('is where it moved to when the move before is told while it moves', async () => {
    const own = await makeShop(market)
    const [first, second] = [await makeProduct(market, own), await makeProduct(market, own)]
    const [firstId, secondId] = [first.variantIds[0]!, second.variantIds[0]!]
    expect([firstId, secondId].toSorted()[0]).toBe(firstId)
    await market.settle()
    await moveTo(own, '32.73.01')
    await market.database.query('DELETE FROM listing_moved WHERE variant_id = $1', [secondId])
    await market.database.query('BEGIN')
    await market.database.query('INSERT INTO listing_moved (variant_id) VALUES ($1)', [secondId])
    const moving = moveTo(own, '31.73.05')
    await untilWaiting(market, 1)
    await market.subgraph.work()
    await market.database.query('ROLLBACK')
    await moving
    await market.settle()
    for (const id of [firstId, secondId]) expect(told(id).at(-1)?.payload).toMatchObject({ originRegencyCode: '31.73' })
  })

  it('is told of also where one of its listings cannot be', async () => {
    const own = await makeShop(market)
    const [broken, good] = [await makeProduct(market, own), await makeProduct(market, own)]
    const [brokenId, goodId] = [broken.variantIds[0]!, good.variantIds[0]!]
    await market.settle()
    const { rows } = await market.database.query<{ seq: string }>('SELECT seq FROM aggregate_sequence WHERE aggregate_id = $1', [
      brokenId,
    ])
    const count = (seq: string) =>
      market.database.query('UPDATE aggregate_sequence SET seq = $2 WHERE aggregate_id = $1', [brokenId, seq])
    await count('9223372036854775807')
    await moveTo(own, '32.73.01')
    // What a round puts down is published by the next one.
    for (let round = 0; round < 2; round += 1) await expect(market.subgraph.work()).rejects.toThrow('bigint out of range')
    expect(told(goodId).at(-1)?.payload).toMatchObject({ originRegencyCode: '32.73' })
    await count(rows[0]!.seq)
    await market.settle()
    expect(told(brokenId).at(-1)?.payload).toMatchObject({ originRegencyCode: '32.73' })
  })
})

describe('where a product is sent from', () => {
  const [jakarta, bandung] = ['31.73', '32.73']
  const placesOf = async (own: TestShop) => {
    const found = async (regencyCode: string) => {
      const query = `query ($filter: ProductFilter) { products(filter: $filter) { edges { node { id } } }
        productFacets(filter: $filter) { total } }`
      const filter = { shopId: own.shopId, regencyCodes: [regencyCode] }
      const { products, productFacets } = await read(market, query, { variables: { filter } })
      const { edges } = products as { edges: unknown[] }
      expect(productFacets).toEqual({ total: edges.length })
      return edges.length > 0
    }
    return [...((await found(jakarta)) ? [jakarta] : []), ...((await found(bandung)) ? [bandung] : [])]
  }

  it.each(['COUNTER', 'UNITS'] as const)('is where some of it lies, or lay when all is sold (by %s)', async (mode) => {
    const own = await makeShop(market, ['31.73.05', '32.73.01'])
    const variantId = (await makeProduct(market, own, { units: 5, mode })).variantIds[0]!
    expect(await placesOf(own)).toEqual([jakarta])
    await receive(market, own, { variantId, units: 5, warehouse: 1 })
    expect(await placesOf(own)).toEqual([jakarta, bandung])
    await receive(market, own, { variantId, units: 0 })
    expect(await placesOf(own)).toEqual([bandung])
    const checkout = checkoutId()
    await reserve(market, checkout, [{ variantId, quantity: 5 }])
    await market.settle()
    expect(await placesOf(own)).toEqual([bandung])
    await confirm(market, checkout)
    await market.settle()
    expect(await placesOf(own)).toEqual([jakarta, bandung])
  })

  it('is not where only variants lie that are off', async () => {
    const own = await makeShop(market, ['31.73.05', '32.73.01'])
    const { variantIds } = await makeProduct(market, own, { variants: [variantInput(), variantInput()], units: 0 })
    const [on, off] = [variantIds[0]!, variantIds[1]!]
    await receive(market, own, { variantId: on, units: 1 })
    await receive(market, own, { variantId: off, units: 1, warehouse: 1 })
    expect(await placesOf(own)).toEqual([jakarta, bandung])
    await act(market, own.seller, ['changeVariant', { variantId: off, active: false }])
    expect(await placesOf(own)).toEqual([jakarta])
  })
})

describe('a listing that cannot be brought up to date', () => {
  it('keeps no other shop from hearing of its own', async () => {
    const [broken, good] = [await makeProduct(market, shop), await makeProduct(market, await makeShop(market))]
    await market.settle()
    for (const { variantIds } of [broken, good]) {
      const checkout = checkoutId()
      await reserve(market, checkout, [{ variantId: variantIds[0]!, quantity: 3 }])
      await confirm(market, checkout)
    }
    await market.database.query('UPDATE product SET sold_count = 2147483647 WHERE id = $1', [broken.productId])
    // What a round puts down is published by the next one.
    for (let round = 0; round < 2; round += 1) await expect(market.subgraph.work()).rejects.toThrow('integer out of range')
    expect(told(good.variantIds[0]!).at(-1)?.payload).toMatchObject({ available: 7 })
    expect(await figuresOf(good.productId)).toMatchObject({ soldCount: 3 })
    await market.database.query('UPDATE product SET sold_count = 0 WHERE id = $1', [broken.productId])
    await market.settle()
    expect(told(broken.variantIds[0]!).at(-1)?.payload).toMatchObject({ available: 7 })
    expect(await figuresOf(broken.productId)).toMatchObject({ soldCount: 3 })
  })
})

describe('the number of units sold', () => {
  it('is counted without holding a product back while another one is waited for', async () => {
    const [first, second] = [await makeProduct(market, shop), await makeProduct(market, shop)]
    expect([first.productId, second.productId].toSorted()[0]).toBe(first.productId)
    await market.settle()
    const [held, sold] = [checkoutId(), checkoutId()]
    await reserve(market, held, [{ variantId: first.variantIds[0]!, quantity: 1 }])
    await reserve(market, sold, [{ variantId: second.variantIds[0]!, quantity: 2 }])
    await confirm(market, sold)
    await market.database.query('BEGIN')
    await market.database.query('SELECT FROM product WHERE id = $1 FOR UPDATE', [first.productId])
    const counting = market.subgraph.work()
    await untilWaiting(market, 1)
    const free = 'SELECT id FROM product WHERE id = $1 FOR UPDATE SKIP LOCKED'
    expect((await market.database.query(free, [second.productId])).rows).toEqual([{ id: second.productId }])
    await market.database.query('COMMIT')
    await counting
    await market.settle()
    expect(await figuresOf(first.productId)).toMatchObject({ soldCount: 0 })
    expect(await figuresOf(second.productId)).toMatchObject({ soldCount: 2 })
  })

  it('is right when one replica is held up and another one sees what came back', async () => {
    const [busy, own] = [await makeProduct(market, shop), await makeProduct(market, shop)]
    expect([busy.productId, own.productId].toSorted()[0]).toBe(busy.productId)
    await market.settle()
    const [kept, returned] = [checkoutId(), checkoutId()]
    for (const [checkout, { variantIds }] of [[kept, busy] as const, [returned, own] as const]) {
      await reserve(market, checkout, [{ variantId: variantIds[0]!, quantity: 1 }])
      await confirm(market, checkout)
    }
    const replica = await startReplica(market)
    await market.database.query('BEGIN')
    await market.database.query('SELECT FROM product WHERE id = $1 FOR UPDATE', [busy.productId])
    const heldUp = replica.work()
    await untilWaiting(market, 1)
    await release(market, returned)
    await market.subgraph.work()
    await market.database.query('COMMIT')
    await heldUp
    await replica.stop()
    await market.settle()
    expect(await figuresOf(own.productId)).toMatchObject({ soldCount: 0 })
    expect(await figuresOf(busy.productId)).toMatchObject({ soldCount: 1 })
  })
})
