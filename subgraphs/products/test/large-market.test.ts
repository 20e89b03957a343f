import { idParser } from '@pasar/shared/ids'
import { parsePage } from '@pasar/shared/subgraph/page'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { pagesReadBy, rowsReadBy } from '@pasar/shared/testing/rows-read'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProductSort } from '../src/domain/filter.ts'
import { movedFrom } from '../src/store/listings-moved.ts'
import { cursorLengthOf, listProducts } from '../src/store/products.ts'
import { listReviews, reviewCursorLength, type ReviewSort } from '../src/store/reviews.ts'
import { act, makeCategory, makeProduct, makeShop, read, startMarket, type TestMarket, type TestShop } from './support.ts'

let market: TestMarket
let database: ReturnType<typeof openPostgres>
let shop: TestShop
let productId: string

/** As many products as one, of as many shops and in forty categories, with figures of their own, each with stock in a warehouse of its own. */
const copies = `WITH numbers AS (SELECT n FROM generate_series(1, $2::integer) AS n),
  categories AS (INSERT INTO category SELECT 'cat_' || n, NULL, 'Kategori ' || n, NULL, ARRAY['cat_' || n] FROM numbers WHERE n <= 40),
  products AS (
    INSERT INTO product SELECT (jsonb_populate_record(p, jsonb_build_object('id', 'prd_' || n, 'shop_id', 'shp_' || n, 'min_price', n, 'max_price', n,
      'category_id', 'cat_' || 1 + n % 40,
      'sold_count', n % 400, 'rating_hundredths', n % 100, 'rating_count', n % 7, 'created_at', p.created_at - n * interval '1 second'))).*
    FROM numbers, product p WHERE p.id = $1),
  places AS (
    INSERT INTO warehouse SELECT (jsonb_populate_record(w, jsonb_build_object('id', 'whs_' || n, 'shop_id', 'shp_' || n))).*
    FROM numbers, warehouse w WHERE w.id = $3),
  variants AS (
    INSERT INTO variant SELECT (jsonb_populate_record(v, jsonb_build_object('id', 'var_' || n, 'product_id', 'prd_' || n, 'shop_id', 'shp_' || n))).*
    FROM numbers, variant v WHERE v.product_id = $1)
  INSERT INTO stock SELECT 'var_' || n, 'whs_' || n, 1, 0 FROM numbers`

const reviews = `INSERT INTO review (id, product_id, rating, text, created_at)
  SELECT 'rev_' || n, $1, 1 + n % 5, 'Bagus', timestamptz '2026-01-01' + n % 9 * interval '1 day' FROM generate_series(1, $2::integer) AS n`

beforeAll(async () => {
  market = await startMarket()
  database = openPostgres({ url: market.ownerUrl })
  shop = await makeShop(market)
  ;({ productId } = await makeProduct(market, shop))
  await database.pool.query(copies, [productId, 4_000, shop.warehouseIds[0]])
  await database.pool.query(reviews, [productId, 4_000])
  await database.pool.query('VACUUM ANALYZE category, product, variant, warehouse, stock, review')
})
afterAll(async () => {
  await database.stop()
  await market.stop()
})

interface Page {
  readonly edges: readonly { readonly node: { readonly id: string } }[]
  readonly pageInfo: { readonly endCursor: string }
}

/** The cursor after the two thousandth entry of a list, which has each of them once. */
async function deepCursor(pageAfter: (after: string | null) => Promise<Page>): Promise<string> {
  const ids = new Set<string>()
  let after: string | null = null
  for (let pages = 0; pages < 20; pages += 1) {
    const { edges, pageInfo } = await pageAfter(after)
    for (const { node } of edges) ids.add(node.id)
    after = pageInfo.endCursor
  }
  expect(ids.size).toBe(2_000)
  return after!
}

const rest = 'edges { node { id } } pageInfo { endCursor }'

describe('in a market of thousands of products', () => {
  it.each<ProductSort>(['RELEVANCE', 'NEWEST', 'PRICE_ASC', 'PRICE_DESC', 'RATING', 'BEST_SELLING'])(
    'a page from the middle of the list by %s reads no more than the first one',
    async (sort) => {
      const query = `query ($sort: ProductSort, $after: String) { products(sort: $sort, first: 100, after: $after) { ${rest} } }`
      const after = await deepCursor(
        async (from) => (await read(market, query, { variables: { sort, after: from } }))['products'] as Page,
      )
      const page = parsePage({ first: 10, after }, cursorLengthOf(sort))
      const counts = await rowsReadBy(database.pool, (db) => listProducts(db, { filter: {}, sort, page }))
      expect(Math.max(...counts)).toBeLessThan(50)
    },
  )

  it('a category of which there is little, or nothing, is not looked for among everything that is on sale', async () => {
    const [above, small, empty] = [await makeCategory(market), await makeCategory(market), await makeCategory(market)]
    const below = await makeCategory(market, { parentId: above })
    const [other, made] = [await makeShop(market), new Array<string>()]
    for (const categoryId of [small, above, below, below]) made.push((await makeProduct(market, other, { categoryId })).productId)
    await database.pool.query('UPDATE product SET sold_count = 300 WHERE id = ANY($1::text[])', [[made[1], made[3]]])
    const query = `query ($categoryId: ID!, $after: String) {
      products(filter: { categoryId: $categoryId }, first: 2, after: $after) { ${rest} } }`
    const pageOf = async (categoryId: string, after: string | null = null) =>
      (await read(market, query, { variables: { categoryId, after } }))['products'] as Page
    const idsOf = ({ edges }: Page) => edges.map(({ node }) => node.id)
    const page = await pageOf(above)
    expect([idsOf(page), idsOf(await pageOf(above, page.pageInfo.endCursor))]).toEqual([[made[3], made[1]], [made[2]]])
    expect([idsOf(await pageOf(small)), idsOf(await pageOf(empty))]).toEqual([[made[0]], []])
    for (const categoryId of [above, small, empty]) {
      const listing = {
        filter: { categoryId: idParser('category')(categoryId) },
        sort: 'RELEVANCE',
        page: parsePage({ first: 2 }),
      } as const
      const counts = await rowsReadBy(database.pool, (db) => listProducts(db, listing))
      expect(Math.max(...counts)).toBeLessThan(100)
    }
  })

  it.each<ReviewSort>(['NEWEST', 'HIGHEST', 'LOWEST'])(
    'a page from the middle of a product’s reviews by %s reads no more than the first one',
    async (sort) => {
      const query = `query ($id: ID!, $sort: ReviewSort, $after: String) { product(id: $id) { reviews(sort: $sort, first: 100, after: $after) { ${rest} } } }`
      const after = await deepCursor(async (from) => {
        const data = await read(market, query, { variables: { id: productId, sort, after: from } })
        return (data['product'] as { reviews: Page }).reviews
      })
      const page = parsePage({ first: 10, after }, reviewCursorLength(sort))
      const counts = await rowsReadBy(database.pool, (db) => listReviews(db, [productId], { sort, page }))
      expect(Math.max(...counts)).toBeLessThan(50)
    },
  )

  it('a warehouse that moves is looked for among what its shop sells, not among the stock of all', async () => {
    const place = { warehouseId: shop.warehouseIds[0]!, shopId: shop.shopId }
    expect(Math.max(...(await pagesReadBy(database.pool, (db) => movedFrom(db, place))))).toBeLessThan(40)
    const moved = await act(market, shop.seller, [
      'changeWarehouse',
      { warehouseId: place.warehouseId, districtCode: '32.73.01' },
    ])
    expect(moved['__typename']).toBe('ChangeWarehouseSuccess')
    await market.settle()
    expect(market.published.at(-1)).toMatchObject({ type: 'ListingChanged', payload: { productId, originRegencyCode: '32.73' } })
  })
})
