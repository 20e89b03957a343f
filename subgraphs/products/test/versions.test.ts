import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  act,
  makeProduct,
  makeShop,
  read,
  startMarket,
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

/** Every change of a listing by its seller, and what it is given. */
const changes: Readonly<Record<string, (product: TestProduct) => Record<string, unknown>>> = {
  publishProduct: ({ productId }) => ({ productId }),
  withdrawProduct: ({ productId }) => ({ productId }),
  archiveProduct: ({ productId }) => ({ productId }),
  addVariant: ({ productId }) => ({ productId, variant: variantInput() }),
  changeProduct: ({ productId }) => ({ productId, title: 'Baru' }),
  changeVariant: ({ variantIds }) => ({ variantId: variantIds[0], price: 99_000 }),
  adjustStock: ({ variantIds }) => ({
    variantId: variantIds[0],
    warehouseId: shop.warehouseIds[0],
    delta: 1,
    reason: 'RECEIVED',
    idempotencyKey: newId('movement'),
  }),
  changeStockMode: ({ variantIds }) => ({ variantId: variantIds[0], mode: 'UNITS' }),
  setProductOptions: ({ productId }) => ({ productId, options: [] }),
  setBundle: ({ variantIds }) => ({ variantId: variantIds[0], components: [] }),
}

const query = `query ($id: ID!) { product(id: $id) { version status title variants { version price { amount } available stockMode } } }`

interface View {
  readonly product: { readonly version: number; readonly variants: readonly { readonly version: number }[] }
}
const view = async ({ productId }: TestProduct) =>
  (await read(market, query, { variables: { id: productId }, as: shop.seller })) as unknown as View

describe('a listing that has changed since its seller looked', () => {
  it.each(Object.keys(changes))('refuses %s with the version that it has now, and stays as it is', async (name) => {
    const product = await makeProduct(market, shop, { units: 3 })
    const before = await view(product)
    const input = { ...changes[name]!(product), expectedVersion: 99 }
    const [type, version] =
      'variantId' in input ? ['StaleVariant', before.product.variants[0]!.version] : ['StaleProduct', before.product.version]
    const result = await act(market, shop.seller, [name, input, `... on ${type} { version }`])
    expect(result).toEqual({ __typename: type, version })
    expect(await view(product)).toEqual(before)
  })

  it('is shown by each change of one request as that change has left it', async () => {
    const { productId } = await makeProduct(market, shop, { units: 3 })
    const query = `mutation ($id: ID!) {
      one: changeProduct(input: { productId: $id, title: "Satu" }) { ...Shown }
      two: changeProduct(input: { productId: $id, title: "Dua" }) { ...Shown } }
      fragment Shown on ChangeProductSuccess { product { title } }`
    const { data } = await market.execute({ query, variables: { id: productId }, as: shop.seller })
    expect(data).toEqual({ one: { product: { title: 'Satu' } }, two: { product: { title: 'Dua' } } })
  })

  it('counts each change of a variant, of its stock too', async () => {
    const product = await makeProduct(market, shop, { units: 3 })
    const version = async () => (await view(product)).product.variants[0]!.version
    const first = await version()
    for (const name of ['changeVariant', 'adjustStock', 'changeStockMode']) {
      const input = { ...changes[name]!(product), expectedVersion: await version() }
      const done = await act(market, shop.seller, [name, input])
      expect(done['__typename']).toBe(`${name[0]!.toUpperCase()}${name.slice(1)}Success`)
    }
    expect(await version()).toBe(first + 3)
  })
})
