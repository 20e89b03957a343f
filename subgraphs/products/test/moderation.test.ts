import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
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
  reserve,
  startMarket,
  stockOf,
  untilWaiting,
  type TestImport,
  type TestMarket,
  type TestProduct,
  type TestShop,
} from './support.ts'

let market: TestMarket
let shop: TestShop
let imports: TestImport
const support = accountForTest(['support'])
const reason = 'Barang tiruan, dilaporkan pemegang merek'

beforeAll(async () => {
  market = await startMarket()
  imports = openImport(market)
  shop = await makeShop(market)
})
afterAll(async () => {
  await imports.stop()
  await market.stop()
})

const takeDown = async ({ productId }: Pick<TestProduct, 'productId'>, as: AccountViewer = support) => {
  expect(await act(market, as, ['takeDownProduct', { productId, reason }])).toEqual({ __typename: 'TakeDownProductSuccess' })
}

const restore = (productId: string) =>
  act(market, support, [
    'restoreProduct',
    { productId, reason: 'Sudah jelas asli' },
    '... on RestoreProductSuccess { product { status } }',
  ])

const told = (variantId: string) =>
  market.published.filter(({ type, aggregateId }) => type === 'ListingChanged' && aggregateId === variantId)

/** What anybody finds of a product, on every way to it. */
async function foundOf({ productId, variantIds }: TestProduct, { shopId }: TestShop = shop) {
  const query = `query ($id: ID!, $filter: ProductFilter, $r: [_Any!]!) {
    product(id: $id) { id }
    products(filter: $filter) { edges { node { id } } }
    productFacets(filter: $filter) { total }
    _entities(representations: $r) {
      ... on Shop { products { edges { node { id } } } } ... on Product { status } ... on Variant { available } } }`
  const r = [
    { __typename: 'Shop', id: shopId },
    { __typename: 'Product', id: productId },
    { __typename: 'Variant', id: variantIds[0] },
  ]
  const seen = await read(market, query, { variables: { id: productId, filter: { shopId, text: 'papan' }, r } })
  type Edges = { readonly edges: readonly { readonly node: { readonly id: string } }[] }
  const [ofShop, ofCart, variant] = seen['_entities'] as [{ products: Edges }, { status: string }, { available: number }]
  const isIn = ({ edges }: Edges) => edges.some(({ node }) => node.id === productId)
  return {
    page: seen['product'] !== null,
    search: isIn(seen['products'] as Edges),
    counted: (seen['productFacets'] as { total: number }).total,
    ofShop: isIn(ofShop.products),
    ofCart: ofCart.status,
    available: variant.available,
  }
}

const nowhere = { page: false, search: false, counted: 0, ofShop: false, ofCart: 'DRAFT', available: 0 }

const ofSeller = async (productId: string, as: AccountViewer = shop.seller) =>
  (
    await read(market, `query ($id: ID!) { product(id: $id) { status title moderation { reason takenDownAt } } }`, {
      as,
      variables: { id: productId },
    })
  )['product']

const reserveOne = (variantId: string, checkout = checkoutId()) => reserve(market, checkout, [{ variantId, quantity: 1 }])

describe('a product that staff take down', () => {
  it('is gone for everyone as one that is off sale, and back where it was when it is restored', async () => {
    const own = await makeShop(market)
    const product = await makeProduct(market, own)
    const before = await foundOf(product, own)
    expect(before).toEqual({ page: true, search: true, counted: 1, ofShop: true, ofCart: 'PUBLISHED', available: 10 })
    await takeDown(product)
    await market.settle()
    expect(await foundOf(product, own)).toEqual(nowhere)
    expect(await reserveOne(product.variantIds[0]!)).toMatchObject({ __typename: 'ProductsUnavailable' })
    expect(told(product.variantIds[0]!).at(-1)?.payload).toMatchObject({ active: false })
    expect(await restore(product.productId)).toMatchObject({ product: { status: 'PUBLISHED' } })
    await market.settle()
    expect(await foundOf(product, own)).toEqual(before)
    expect(told(product.variantIds[0]!).at(-1)?.payload).toMatchObject({ active: true })
  })

  it('tells whoever follows it live that it is off sale, and leaves the rest of the market alone', async () => {
    const [product, other] = [await makeProduct(market, shop), await makeProduct(market, shop)]
    await market.settle()
    const query = `subscription ($id: ID!) { listingChanged(productId: $id) { active price { amount } available product { id } } }`
    const stream = await market.subscribe({ query, variables: { id: product.productId } })
    await takeDown(product)
    await market.settle()
    const { value } = (await stream.next()) as { value: { data: unknown } }
    expect(value.data).toEqual({ listingChanged: { active: false, price: null, available: 0, product: null } })
    await stream.return?.()
    expect(await reserveOne(other.variantIds[0]!)).toMatchObject({ __typename: 'ProductsReserved' })
  })

  it('tells its seller and staff why, and nobody else', async () => {
    const product = await makeProduct(market, shop)
    expect(await ofSeller(product.productId)).toMatchObject({ status: 'PUBLISHED', moderation: null })
    await takeDown(product)
    const takenDownAt = market.clock.now().toISOString()
    const down = { status: 'TAKEN_DOWN', title: 'Papan ketik nirkabel', moderation: { reason, takenDownAt } }
    expect(await ofSeller(product.productId)).toEqual(down)
    expect(await ofSeller(product.productId, support)).toEqual(down)
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { status moderation { reason } } } }`
    const r = [{ __typename: 'Product', id: product.productId }]
    const buyer = await read(market, query, { as: accountForTest(), variables: { r } })
    expect(buyer).toEqual({ _entities: [{ status: 'DRAFT', moderation: null }] })
    const list = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Shop { products(status: TAKEN_DOWN) { edges { node { id } } } } } }`
    const ofShop = { variables: { r: [{ __typename: 'Shop', id: shop.shopId }] } }
    const idsOf = (seen: object) => JSON.stringify(seen)
    expect(idsOf(await read(market, list, { as: shop.seller, ...ofShop }))).toContain(product.productId)
    expect(idsOf(await read(market, list, ofShop))).not.toContain(product.productId)
  })

  it('is not put on sale, withdrawn or archived by its seller, who may change it', async () => {
    const { productId } = await makeProduct(market, shop)
    await takeDown({ productId })
    for (const move of ['publishProduct', 'withdrawProduct', 'archiveProduct'])
      expect(await act(market, shop.seller, [move, { productId }, '... on ProductTakenDown { code reason }'])).toEqual({
        __typename: 'ProductTakenDown',
        code: 'PRODUCT_TAKEN_DOWN',
        reason,
      })
    const changed = await act(market, shop.seller, ['changeProduct', { productId, title: 'Papan ketik tanpa merek', images: [] }])
    expect(changed).toEqual({ __typename: 'ChangeProductSuccess' })
    expect(await ofSeller(productId)).toMatchObject({ status: 'TAKEN_DOWN', title: 'Papan ketik tanpa merek' })
    // A picture is what it lacks by now.
    expect(await restore(productId)).toMatchObject({ product: { status: 'DRAFT' } })
  })

  it('can be a draft that was withdrawn in time, and is a draft again', async () => {
    const { productId } = await makeProduct(market, shop)
    await act(market, shop.seller, ['withdrawProduct', { productId }])
    await takeDown({ productId })
    expect((await act(market, shop.seller, ['publishProduct', { productId }]))['__typename']).toBe('ProductTakenDown')
    expect(await restore(productId)).toMatchObject({ product: { status: 'DRAFT' } })
    expect((await act(market, shop.seller, ['publishProduct', { productId }]))['__typename']).toBe('PublishProductSuccess')
  })

  it('stays down when its shop is suspended and reinstated', async () => {
    const own = await makeShop(market)
    const [down, up] = [await makeProduct(market, own), await makeProduct(market, own)]
    await takeDown(down)
    const payload = { shopId: own.shopId }
    await market.deliver('users', { type: 'ShopSuspended', aggregateId: own.shopId, seq: 1, payload })
    await market.deliver('users', { type: 'ShopReinstated', aggregateId: own.shopId, seq: 2, payload })
    await market.settle()
    expect(await foundOf(down, own)).toEqual({ ...nowhere, counted: 1 })
    expect(await foundOf(up, own)).toMatchObject({ page: true, search: true })
    expect(told(down.variantIds[0]!).at(-1)?.payload).toMatchObject({ active: false })
  })

  it.each([
    ['the seller', 'PUBLISHED'],
    ['staff', 'DRAFT'],
  ])('is down when it goes on sale at the same moment and %s came first', async (first, before) => {
    const product = await makeProduct(market, shop)
    await act(market, shop.seller, ['withdrawProduct', { productId: product.productId }])
    await market.settle()
    const letGo = await holdBack(market, product.variantIds[0]!)
    const publish = () => act(market, shop.seller, ['publishProduct', { productId: product.productId }])
    const moves = first === 'staff' ? [() => takeDown(product), publish] : [publish, () => takeDown(product)]
    const [one, two] = moves as [() => Promise<unknown>, () => Promise<unknown>]
    const earlier = one()
    await untilWaiting(market, 1)
    const later = two()
    await untilWaiting(market, 2)
    await letGo()
    await Promise.all([earlier, later])
    await market.settle()
    expect(await ofSeller(product.productId)).toMatchObject({ status: 'TAKEN_DOWN' })
    expect(told(product.variantIds[0]!).at(-1)?.payload).toMatchObject({ active: false })
    expect(await restore(product.productId)).toMatchObject({ product: { status: before } })
  })

  it('lets what was reserved be sold', async () => {
    const product = await makeProduct(market, shop)
    const checkout = checkoutId()
    expect(await reserveOne(product.variantIds[0]!, checkout)).toMatchObject({ __typename: 'ProductsReserved' })
    await takeDown(product)
    expect((await confirm(market, checkout))['__typename']).toBe('ProductsConfirmed')
    await market.settle()
    expect(await stockOf(market, shop, product.variantIds[0]!)).toEqual([{ onHand: 9, reserved: 0 }])
    expect(told(product.variantIds[0]!).at(-1)?.payload).toMatchObject({ active: false, available: 9 })
  })

  it('is not brought back by an import of the same file', async () => {
    const own = await makeShop(market)
    const stock = [{ warehouseId: own.warehouseIds[0]!, onHand: 5 }]
    const sizes = { weightGrams: 500, lengthMm: 10, widthMm: 10, heightMm: 10 }
    const product = {
      id: newId('product'),
      shopId: own.shopId,
      categoryId: own.categoryId,
      title: 'Papan ketik impor',
      description: 'Diimpor',
      images: [],
      soldCount: 0,
      createdAt: market.clock.now(),
      variants: [{ id: newId('variant'), sku: 'IMPOR-1', name: 'Standar', price: 5_000n, ...sizes, stock }],
    }
    await imports.run({ products: [product] })
    await takeDown({ productId: product.id })
    const review = { id: newId('review'), productId: product.id, rating: 5, text: 'Bagus', authorName: null }
    await imports.run({ products: [product], reviews: [{ ...review, createdAt: market.clock.now() }] })
    await market.settle()
    const variantId = product.variants[0]!.id
    expect(await foundOf({ productId: product.id, variantIds: [variantId] }, own)).toEqual(nowhere)
    expect(told(variantId).at(-1)?.payload).toMatchObject({ active: false })
  })
})

describe('a bundle of something that staff take down', () => {
  const makeBundle = async (componentId: string) => {
    const basket = await makeProduct(market, shop, { units: 0 })
    const variantId = basket.variantIds[0]!
    const making = () =>
      act(market, shop.seller, ['setBundle', { variantId, components: [{ variantId: componentId, quantity: 2 }] }])
    return { ...basket, variantId, making }
  }

  it('is sold out until that is restored', async () => {
    const part = await makeProduct(market, shop)
    const basket = await makeBundle(part.variantIds[0]!)
    await basket.making()
    await market.settle()
    const inStock = async () =>
      (await read(market, `query ($id: ID!) { product(id: $id) { inStock } }`, { variables: { id: basket.productId } }))[
        'product'
      ]
    expect(await foundOf(basket)).toMatchObject({ page: true, available: 5 })
    await takeDown(part)
    await market.settle()
    expect(await foundOf(basket)).toMatchObject({ page: true, available: 0 })
    expect(await inStock()).toEqual({ inStock: false })
    expect(told(basket.variantId).at(-1)?.payload).toMatchObject({ active: true, available: 0 })
    expect(await reserveOne(basket.variantId)).toMatchObject({
      __typename: 'ProductsOutOfStock',
      lines: [{ variantId: basket.variantId, available: 0 }],
    })
    await restore(part.productId)
    await market.settle()
    expect(await inStock()).toEqual({ inStock: true })
    expect(told(basket.variantId).at(-1)?.payload).toMatchObject({ available: 5 })
    expect(await reserveOne(basket.variantId)).toMatchObject({ __typename: 'ProductsReserved' })
  })

  it('is sold out also where it was made at the same moment', async () => {
    const part = await makeProduct(market, shop)
    const basket = await makeBundle(part.variantIds[0]!)
    await market.settle()
    const letGo = await holdBack(market, part.variantIds[0]!)
    const taking = takeDown(part)
    await untilWaiting(market, 1)
    let made = false
    const making = basket.making().then(() => (made = true))
    await untilWaiting(market, 2, () => made)
    await market.subgraph.work()
    await letGo()
    await Promise.all([making, taking])
    await market.settle()
    expect(told(basket.variantId).at(-1)?.payload).toMatchObject({ available: 0 })
  })
})

describe('taking a product down', () => {
  it('is for staff, and not for those whose shop it is', async () => {
    const { productId } = await makeProduct(market, shop)
    const code = async (field: string, as: AccountViewer) => {
      const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`
      const query = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`
      const { errors } = await market.execute({ query, variables: { input: { productId, reason } }, as })
      return errors?.[0]?.extensions['code']
    }
    for (const field of ['takeDownProduct', 'restoreProduct'])
      for (const as of [accountForTest(), shop.seller, accountForTest(['seller', 'support'], [shop.shopId])])
        expect(await code(field, as)).toBe('FORBIDDEN')
    expect(await ofSeller(productId)).toMatchObject({ status: 'PUBLISHED' })
    const unknown = { productId: newId('product'), reason }
    expect((await act(market, market.admin, ['takeDownProduct', unknown]))['__typename']).toBe('ProductNotFound')
  })

  it('stands in the audit log with its reason, once however often it is asked for', async () => {
    const { productId } = await makeDraft(market, shop)
    const input = { productId, reason, idempotencyKey: newId('movement') }
    for (let time = 0; time < 2; time += 1)
      expect((await act(market, support, ['takeDownProduct', input]))['__typename']).toBe('TakeDownProductSuccess')
    const other = await act(market, support, ['takeDownProduct', { ...input, reason: 'Lain' }])
    expect(other['__typename']).toBe('IdempotencyKeyReused')
    await takeDown({ productId }, market.admin)
    await restore(productId)
    await restore(productId)
    // Yesterday's click, sent again.
    await act(market, support, ['takeDownProduct', input])
    await market.settle()
    const acts = market.published.flatMap((event) => (event.type === 'StaffActed' ? [event.payload] : []))
    expect(acts.filter(({ subjectId }) => subjectId === productId)).toEqual([
      { actorId: support.accountId, action: 'product.takeDown', subjectId: productId, reason },
      { actorId: support.accountId, action: 'product.restore', subjectId: productId, reason: 'Sudah jelas asli' },
    ])
    expect(await ofSeller(productId)).toMatchObject({ status: 'DRAFT' })
  })

  it('needs a reason', async () => {
    const { productId } = await makeDraft(market, shop)
    const query = `mutation ($input: TakeDownProductInput!) { takeDownProduct(input: $input) { __typename } }`
    for (const bad of [' ', 'x'.repeat(501)]) {
      const { errors } = await market.execute({ query, variables: { input: { productId, reason: bad } }, as: support })
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'reason' })
    }
  })

  it('notes who of staff looks at what is down', async () => {
    const { productId } = await makeDraft(market, shop)
    expect(await ofSeller(productId, support)).toBeNull()
    await takeDown({ productId })
    await ofSeller(productId, support)
    await market.settle()
    expect(market.published.at(-1)).toMatchObject({
      type: 'StaffActed',
      payload: { actorId: support.accountId, action: 'product.look', subjectId: productId },
    })
  })
})
