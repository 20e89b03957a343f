import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  act,
  checkoutId,
  holdBack,
  makeProduct,
  makeShop,
  read,
  reserve,
  startMarket,
  untilWaiting,
  type TestMarket,
  type TestShop,
} from './support.ts'

let market: TestMarket
let shop: TestShop

beforeAll(async () => {
  market = await startMarket()
  shop = await makeShop(market)
})
afterAll(() => market.stop())

const told = (variantId: string) =>
  market.published.filter(({ type, aggregateId }) => type === 'ListingChanged' && aggregateId === variantId)

const inStock = async (id: string) =>
  (await read(market, `query ($id: ID!) { product(id: $id) { inStock } }`, { variables: { id } }))['product']

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
    expect(await inStock(basket.productId)).toEqual({ inStock: false })
    expect(told(basketId).at(-1)?.payload).toMatchObject({ available: 0 })
  })
})
