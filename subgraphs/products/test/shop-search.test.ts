import { accountForTest } from '@pasar/shared/testing/account'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  act,
  makeDraft,
  makeProduct,
  makeShop,
  read,
  startMarket,
  variantInput,
  type TestMarket,
  type TestShop,
} from './support.ts'

let market: TestMarket
let shop: TestShop
let keyboard: string
let draft: string
let basket: string
beforeAll(async () => {
  market = await startMarket()
  shop = await makeShop(market)
  const described = (title: string, skus: readonly string[]) => ({
    title,
    description: 'Barang asli.',
    variants: skus.map((sku) => variantInput({ sku, name: sku })),
  })
  keyboard = (await makeProduct(market, shop, described('Papan ketik nirkabel', ['KB-100%', 'KB-200']))).productId
  basket = (await makeProduct(market, shop, described('Keranjang rotan', ['KR_1', 'KR-2']))).productId
  draft = (await makeDraft(market, shop, described('Papan ketik mekanik', ['KB-300']))).productId
})
afterAll(() => market.stop())

interface Page {
  readonly edges: readonly { readonly node: { readonly id: string } }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

async function pagesOf(shopIds: readonly string[], { as, ...args }: { readonly as?: AccountViewer } & Record<string, unknown>) {
  const query = `query ($r: [_Any!]!, $search: String, $status: ProductStatus, $sort: ProductSort, $first: Int, $after: String) {
    _entities(representations: $r) { ... on Shop { products(search: $search, status: $status, sort: $sort, first: $first, after: $after) {
      edges { node { id } } pageInfo { hasNextPage endCursor } } } } }`
  const variables = { r: shopIds.map((id) => ({ __typename: 'Shop', id })), ...args }
  const data = await read(market, query, { variables, ...(as && { as }) })
  return (data['_entities'] as { products: Page }[]).map(({ products }) => products)
}

const found = async (search: string, args: { readonly as?: AccountViewer } & Record<string, unknown> = {}) =>
  (await pagesOf([shop.shopId], { search, ...args }))[0]!.edges.map(({ node }) => node.id)

it('a shop is told how many of its products are in which state, and nobody else is', async () => {
  const own = await makeShop(market)
  await makeDraft(market, own)
  const [sold, kept] = [await makeProduct(market, own), await makeProduct(market, own)]
  await act(market, own.seller, ['archiveProduct', { productId: kept.productId }])
  await act(market, accountForTest(['support']), ['takeDownProduct', { productId: sold.productId, reason: 'Barang tiruan' }])
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Shop { productCounts { status count } } } }`
  const empty = await makeShop(market)
  const shops = [own, empty]
  const countsOf = async (as?: AccountViewer) => {
    const variables = { r: shops.map(({ shopId }) => ({ __typename: 'Shop', id: shopId })) }
    const { _entities } = (await read(market, query, { variables, ...(as && { as }) })) as {
      _entities: { productCounts: { status: string; count: number }[] | null }[]
    }
    return _entities.map(({ productCounts }) => productCounts?.map(({ status, count }) => `${status} ${count}`) ?? null)
  }
  const some = ['DRAFT 1', 'PUBLISHED 0', 'ARCHIVED 1', 'TAKEN_DOWN 1']
  const none = ['DRAFT 0', 'PUBLISHED 0', 'ARCHIVED 0', 'TAKEN_DOWN 0']
  const shopIds = shops.map(({ shopId }) => shopId)
  const both = accountForTest(['seller'], shopIds)
  expect(await countsOf(both)).toEqual([some, none])
  expect(await countsOf(own.seller)).toEqual([some, null])
  for (const as of [accountForTest(), shop.seller]) expect(await countsOf(as)).toEqual([null, null])
})

describe('whoever looks for something in a shop', () => {
  it('finds it by words, their stems and what looks like them: its seller drafts as well, everyone else what is on sale', async () => {
    const as = shop.seller
    expect(await found('papan ketik', { as })).toEqual([draft, keyboard])
    expect(await found('papan ketik')).toEqual([keyboard])
    expect(await found('keranjangnya')).toEqual([basket])
    expect(await found('kranjang rotn')).toEqual([basket])
    expect(await found('papan', { as, status: 'DRAFT' })).toEqual([draft])
    expect(await found('papan', { status: 'DRAFT' })).toEqual([])
    expect(await found('sepatu', { as })).toEqual([])
  })

  it('finds it by a part of an article number, in which every sign stands for itself', async () => {
    const as = shop.seller
    expect(await found('kb-', { as })).toEqual([draft, keyboard])
    expect(await found('kb-300', { as })).toEqual([draft])
    expect(await found('kb-300')).toEqual([])
    expect(await found('KB-200')).toEqual([keyboard])
    expect(await found('0%')).toEqual([keyboard])
    expect(await found('r_')).toEqual([basket])
    expect(await found('_')).toEqual([basket])
  })

  it('is not told of article numbers that are off, unless it is the seller', async () => {
    const own = await makeShop(market)
    const variants = ['SEEN-1', 'HIDDEN-1'].map((sku) => variantInput({ sku }))
    const { productId, variantIds } = await makeProduct(market, own, { title: 'Lampu meja', variants })
    expect((await act(market, own.seller, ['changeVariant', { variantId: variantIds[1]!, active: false }]))['__typename']).toBe(
      'ChangeVariantSuccess',
    )
    const ids = async (search: string, as?: AccountViewer) =>
      (await pagesOf([own.shopId], { search, ...(as && { as }) }))[0]!.edges.map(({ node }) => node.id)
    expect(await ids('hidden-1')).toEqual([])
    expect(await ids('hidden-1', shop.seller)).toEqual([])
    expect(await ids('hidden-1', own.seller)).toEqual([productId])
    expect(await ids('seen-1')).toEqual([productId])
  })

  it('has the best first when that is asked for, and goes on from there', async () => {
    const own = await makeShop(market)
    const named = async (title: string) => (await makeProduct(market, own, { title, description: 'Untuk kopi.' })).productId
    const [grinder, coffee] = [await named('Penggiling'), await named('Kopi Gayo')]
    await named('Ember').then((id) => act(market, own.seller, ['changeProduct', { productId: id, description: 'Plastik' }]))
    const [page] = await pagesOf([own.shopId], { search: 'kopi', sort: 'RELEVANCE', first: 1 })
    expect(page!.edges.map(({ node }) => node.id)).toEqual([coffee])
    const [rest] = await pagesOf([own.shopId], { search: 'kopi', sort: 'RELEVANCE', after: page!.pageInfo.endCursor })
    expect(rest!.edges.map(({ node }) => node.id)).toEqual([grinder])
  })

  it('costs one statement in one shop as in many', async () => {
    const shops = [shop.shopId, (await makeShop(market)).shopId, (await makeShop(market)).shopId]
    const before = market.statements.length
    const pages = await pagesOf(shops, { search: 'papan' })
    expect(pages.map(({ edges }) => edges.length)).toEqual([1, 0, 0])
    expect(market.statements.length - before).toBe(1)
  })

  it.each(['', '  ', 'x'.repeat(101), 'a\0b'])('is told what cannot be looked for: %j', async (search) => {
    const query = `query ($r: [_Any!]!, $search: String) { _entities(representations: $r) { ... on Shop { products(search: $search) { edges { cursor } } } } }`
    const variables = { r: [{ __typename: 'Shop', id: shop.shopId }], search }
    const { errors } = await market.execute({ query, variables })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'search' })
  })
})

it('a shop of any size is searched among its newest two thousand products', async () => {
  const own = await makeShop(market)
  const { productId } = await makeDraft(market, own, { title: 'Payung merah' })
  const copy = `INSERT INTO product SELECT (jsonb_populate_record(p, jsonb_build_object('id', 'prd_' || n, 'title', 'Ember',
    'created_at', p.created_at + n * interval '1 second'))).* FROM product p, generate_series($2::integer, $3::integer) AS n WHERE p.id = $1`
  const found = async () => (await pagesOf([own.shopId], { search: 'payung', as: own.seller }))[0]!.edges.length
  await market.database.query(copy, [productId, 1, 1_999])
  expect(await found()).toBe(1)
  await market.database.query(copy, [productId, 2_000, 2_000])
  expect(await found()).toBe(0)
})
