import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bounds } from '../src/domain/bounds.ts'
import {
  act,
  checkoutId,
  confirm,
  makeDraft,
  makeProduct,
  makeShop,
  read,
  receive,
  release,
  reserve,
  startMarket,
  stockOf,
  takeBy,
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

const part = (variantId: string, quantity: number) => ({ variantId, quantity })

const setBundle = (variantId: string, components: readonly object[], as = shop.seller) =>
  act(market, as, [
    'setBundle',
    { variantId, components },
    `... on SetBundleSuccess { variant { available components { quantity variant { id } } } } ... on BundleImpossible { reason message }`,
  ])

/** Coffee and cups, and a basket of two coffees and a cup. */
async function makeBasket({
  coffee = 5,
  cups = 9,
  mode = 'COUNTER',
}: { coffee?: number; cups?: number; mode?: 'COUNTER' | 'UNITS' } = {}) {
  const goods = await makeProduct(market, shop, { units: 0, variants: [variantInput(), variantInput()] })
  const [coffeeId, cupId] = [goods.variantIds[0]!, goods.variantIds[1]!]
  await receive(market, shop, { variantId: coffeeId, units: coffee })
  await receive(market, shop, { variantId: cupId, units: cups })
  const basket = await makeProduct(market, shop, { units: 0 })
  const basketId = basket.variantIds[0]!
  const made = await setBundle(basketId, [part(coffeeId, 2), part(cupId, 1)])
  expect(made['__typename']).toBe('SetBundleSuccess')
  if (mode === 'UNITS') await takeBy(market, shop, { variantId: coffeeId, mode })
  await market.settle()
  return { coffeeId, cupId, basketId, productId: basket.productId, goodsId: goods.productId, made }
}

const productOf = async (id: string) =>
  (
    await read(market, `query ($id: ID!) { product(id: $id) { inStock soldCount variants { available } } }`, {
      variables: { id },
    })
  )['product']

const publish = (productId: string) =>
  act(market, shop.seller, ['publishProduct', { productId }, '... on ProductIncomplete { missing }'])

/** Titles of what a product's bundles are made of, as a guest sees them; null where there is no such product for guests. */
async function titlesInside({ productId }: TestProduct): Promise<string[] | null> {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { variants { components { variant { product { title } } } } } } }`
  const { _entities } = await read(market, query, { variables: { r: [{ __typename: 'Product', id: productId }] } })
  const [product] = _entities as ({ variants: { components: { variant: { product: { title: string } } }[] }[] } | null)[]
  return product ? product.variants.flatMap(({ components }) => components.map(({ variant }) => variant.product.title)) : null
}

describe('a bundle', () => {
  it('has the stock of its scarcest component, and shows what it is made of', async () => {
    const { made, coffeeId, cupId, productId } = await makeBasket()
    expect(made['variant']).toEqual({
      available: 2,
      components: [coffeeId, cupId].toSorted().map((id) => ({ quantity: id === coffeeId ? 2 : 1, variant: { id } })),
    })
    expect(await productOf(productId)).toMatchObject({ inStock: true, variants: [{ available: 2 }] })
    await reserve(market, checkoutId(), [part(coffeeId, 4)])
    await market.settle()
    expect(await productOf(productId)).toMatchObject({ inStock: false, variants: [{ available: 0 }] })
    const told = market.published.findLast(({ type, keys }) => type === 'ListingChanged' && keys.includes(productId))
    expect(told?.payload).toMatchObject({ available: 0 })
  })

  it.each(['COUNTER', 'UNITS'] as const)(
    'is taken as its components, summed with what is bought singly (by %s)',
    async (mode) => {
      const { coffeeId, cupId, basketId } = await makeBasket({ mode })
      const both = [part(basketId, 2), part(coffeeId, 2)]
      expect(await reserve(market, checkoutId(), both)).toMatchObject({
        __typename: 'ProductsOutOfStock',
        lines: [
          { variantId: coffeeId, available: 5 },
          { variantId: basketId, available: 2 },
        ].toSorted((a, b) => (a.variantId < b.variantId ? -1 : 1)),
      })
      const checkout = checkoutId()
      const taken = await reserve(market, checkout, [part(basketId, 2), part(coffeeId, 1)])
      expect(taken['lines']).toHaveLength(2)
      expect(await stockOf(market, shop, coffeeId)).toEqual([{ onHand: 5, reserved: 5 }])
      expect(await stockOf(market, shop, cupId)).toEqual([{ onHand: 9, reserved: 2 }])
      await confirm(market, checkout)
      expect(await stockOf(market, shop, coffeeId)).toEqual([{ onHand: 0, reserved: 0 }])
    },
  )

  it('of one component is that component', async () => {
    const { coffeeId } = await makeBasket({ coffee: 3 })
    const single = (await makeProduct(market, shop, { units: 0 })).variantIds[0]!
    await setBundle(single, [part(coffeeId, 1)])
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, buyer) => reserve(market, checkoutId(), [part(buyer % 2 ? single : coffeeId, 1)])),
    )
    expect(results.filter((result) => result['__typename'] === 'ProductsReserved')).toHaveLength(3)
    expect(await stockOf(market, shop, coffeeId)).toEqual([{ onHand: 3, reserved: 3 }])
  })

  it('counts as sold itself, and comes back as its components', async () => {
    const { coffeeId, cupId, basketId, productId, goodsId } = await makeBasket()
    const checkout = checkoutId()
    await reserve(market, checkout, [part(basketId, 2), part(coffeeId, 1)])
    await confirm(market, checkout)
    await market.settle()
    expect(await productOf(productId)).toMatchObject({ soldCount: 2 })
    expect(await productOf(goodsId)).toMatchObject({ soldCount: 1 })
    const ref = { orderId: newId('order'), checkoutId: checkout, buyerId: newId('account'), shopId: shop.shopId }
    const payload = { ...ref, restockId: 'ret', reservedAs: checkout, lines: [{ variantId: basketId, quantity: 1 }] }
    await market.deliver('orders', { type: 'GoodsReturned', payload })
    await market.settle()
    expect(await stockOf(market, shop, coffeeId)).toEqual([{ onHand: 2, reserved: 0 }])
    expect(await stockOf(market, shop, cupId)).toEqual([{ onHand: 8, reserved: 0 }])
    expect(await productOf(productId)).toMatchObject({ soldCount: 1 })
  })

  it('gives away what comes back of what it was before, and takes nothing in', async () => {
    const { cupId } = await makeBasket()
    const variantId = (await makeProduct(market, shop, { units: 2 })).variantIds[0]!
    const checkout = checkoutId()
    await reserve(market, checkout, [part(variantId, 2)])
    await confirm(market, checkout)
    expect((await setBundle(variantId, [part(cupId, 1)]))['__typename']).toBe('SetBundleSuccess')
    await release(market, checkout)
    expect(await stockOf(market, shop, variantId)).toEqual([{ onHand: 2, reserved: 0 }])
    const adjust = async (change: object) => {
      const input = {
        variantId,
        warehouseId: shop.warehouseIds[0],
        reason: 'COUNTED',
        idempotencyKey: newId('movement'),
        ...change,
      }
      return (await act(market, shop.seller, ['adjustStock', input]))['__typename']
    }
    expect([await adjust({ delta: 1 }), await adjust({ onHand: 2 })]).toEqual(['VariantIsBundle', 'VariantIsBundle'])
    expect([await adjust({ delta: -3 }), await adjust({ delta: -2 })]).toEqual(['StockTooLow', 'AdjustStockSuccess'])
    expect(await stockOf(market, shop, variantId)).toEqual([{ onHand: 0, reserved: 0 }])
    expect(await adjust({ delta: -1 })).toBe('VariantIsBundle')
    expect(await setBundle(variantId, [part(cupId, 2)])).toMatchObject({ variant: { available: 4 } })
  })

  it('that was on sale is made of what was on sale, so that it shows nobody a draft', async () => {
    const draft = await makeDraft(market, shop)
    const basket = await makeProduct(market, shop, { units: 0 })
    const parts = [part(draft.variantIds[0]!, 1)]
    const refused = {
      __typename: 'BundleImpossible',
      reason: 'NEVER_ON_SALE',
      message: 'This bundle was on sale already; what it is made of must have been on sale, too.',
    }
    expect(await setBundle(basket.variantIds[0]!, parts)).toEqual(refused)
    await act(market, shop.seller, ['withdrawProduct', { productId: basket.productId }])
    expect(await setBundle(basket.variantIds[0]!, parts)).toEqual(refused)
    await publish(draft.productId)
    await act(market, shop.seller, ['withdrawProduct', { productId: draft.productId }])
    expect((await setBundle(basket.variantIds[0]!, parts))['__typename']).toBe('SetBundleSuccess')
  })

  it('goes on sale once all that it is made of was, and not before', async () => {
    const [draft, basket] = [await makeDraft(market, shop), await makeDraft(market, shop)]
    const parts = [part(draft.variantIds[0]!, 1)]
    expect((await setBundle(basket.variantIds[0]!, parts))['__typename']).toBe('SetBundleSuccess')
    expect(await publish(basket.productId)).toEqual({ __typename: 'ProductIncomplete', missing: ['COMPONENTS'] })
    expect(await titlesInside(basket)).toBeNull()
    expect((await publish(draft.productId))['__typename']).toBe('PublishProductSuccess')
    expect((await publish(basket.productId))['__typename']).toBe('PublishProductSuccess')
    expect(await titlesInside(basket)).toEqual(['Papan ketik nirkabel'])
  })

  it('of another variant of its own product goes on sale with it', async () => {
    const { productId, variantIds } = await makeDraft(market, shop, { variants: [variantInput(), variantInput()] })
    expect((await setBundle(variantIds[1]!, [part(variantIds[0]!, 3)]))['__typename']).toBe('SetBundleSuccess')
    expect((await publish(productId))['__typename']).toBe('PublishProductSuccess')
  })

  it('is made of a draft or put on sale, when both are asked for at once', async () => {
    const draft = await makeDraft(market, shop)
    for (let time = 0; time < 10; time += 1) {
      const basket = await makeDraft(market, shop)
      const [made] = await Promise.all([
        setBundle(basket.variantIds[0]!, [part(draft.variantIds[0]!, 1)]),
        publish(basket.productId),
      ])
      expect(await titlesInside(basket)).toEqual(made['__typename'] === 'SetBundleSuccess' ? null : [])
    }
  })

  it('has no component that is in a hundred others, so that a sale of one thing does not change the whole market', async () => {
    const goods = await makeProduct(market, shop, { units: 9 })
    const many = { units: 0, variants: Array.from({ length: bounds.bundlesOfComponentMax }, () => variantInput()) }
    const [others, last] = [(await makeProduct(market, shop, many)).variantIds, await makeProduct(market, shop, { units: 0 })]
    const fill = `INSERT INTO bundle_component (bundle_id, component_id, quantity) SELECT unnest($1::text[]), $2, 1`
    await market.database.query(fill, [others.slice(1), goods.variantIds[0]])
    const make = (bundleId: string) => setBundle(bundleId, [part(goods.variantIds[0]!, 2)])
    const made = await Promise.all([make(others[0]!), make(last.variantIds[0]!)])
    expect(made.map((result) => text(result, '__typename')).toSorted()).toEqual(['BundleImpossible', 'SetBundleSuccess'])
    const refused = { reason: 'IN_MANY_BUNDLES', message: 'A variant can be part of at most 100 bundles.' }
    expect(made.find(({ reason }) => reason)).toMatchObject(refused)
    expect((await make(others[1]!))['__typename']).toBe('SetBundleSuccess')
  })

  it('can be made of more or less of what it has, also where that was in more than a hundred before the bound', async () => {
    const [goods, more] = [await makeProduct(market, shop, { units: 9 }), await makeProduct(market, shop, { units: 9 })]
    const many = { units: 0, variants: Array.from({ length: bounds.bundlesOfComponentMax }, () => variantInput()) }
    const [others, [first]] = [
      (await makeProduct(market, shop, many)).variantIds,
      (await makeProduct(market, shop, { units: 0 })).variantIds,
    ]
    const fill = `INSERT INTO bundle_component (bundle_id, component_id, quantity) SELECT unnest($1::text[]), $2, 1`
    await market.database.query(fill, [[first, ...others], goods.variantIds[0]])
    const [full, free] = [goods.variantIds[0]!, more.variantIds[0]!]
    expect(await setBundle(first!, [part(full, 3)])).toMatchObject({ variant: { available: 3 } })
    expect(await setBundle(first!, [part(full, 3), part(free, 9)])).toMatchObject({ variant: { available: 1 } })
    expect(await setBundle(first!, [part(free, 9)])).toMatchObject({ variant: { available: 1 } })
    expect(await setBundle(first!, [part(full, 3)])).toMatchObject({ reason: 'IN_MANY_BUNDLES' })
  })

  it('is made of own, whole things only, and has no stock of its own', async () => {
    const { coffeeId, cupId, basketId } = await makeBasket()
    const stocked = (await makeProduct(market, shop, { units: 1 })).variantIds[0]!
    const empty = (await makeProduct(market, shop, { units: 0 })).variantIds[0]!
    expect(await setBundle(stocked, [part(cupId, 1)])).toMatchObject({ reason: 'HAS_STOCK' })
    expect(await setBundle(coffeeId, [part(stocked, 1)])).toMatchObject({ reason: 'HAS_STOCK' })
    expect(await setBundle(empty, [part(basketId, 1)])).toMatchObject({ reason: 'OF_BUNDLES' })
    expect(await setBundle(empty, [part(empty, 1)])).toMatchObject({ reason: 'OF_BUNDLES' })
    expect((await setBundle(empty, [part(newId('variant'), 1)]))['__typename']).toBe('VariantNotFound')
    const stranger = (await makeShop(market)).seller
    expect((await setBundle(empty, [part(cupId, 1)], stranger))['__typename']).toBe('VariantNotFound')
    const input = { variantId: basketId, warehouseId: shop.warehouseIds[0], onHand: 3, reason: 'COUNTED', idempotencyKey: 'k' }
    expect(text(await act(market, shop.seller, ['adjustStock', input]), '__typename')).toBe('VariantIsBundle')
    expect(await setBundle(basketId, [])).toMatchObject({ variant: { available: 0, components: [] } })
    expect((await act(market, shop.seller, ['adjustStock', input]))['__typename']).toBe('AdjustStockSuccess')
  })
})
