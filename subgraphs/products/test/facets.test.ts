import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCategory, read, startMarket, type TestMarket } from './support.ts'

let market: TestMarket
let crowded: string
let small: string

/** Many products on sale at once, past the subgraph. */
const fill = (categoryId: string, price: number, count: number) =>
  market.database.query(
    `INSERT INTO product (id, shop_id, category_id, title, description, status, images, shop_suspended, min_price, max_price, in_stock, regency_codes, created_at)
     SELECT $1 || n, $2, $3, 'Kopi', 'Biji', 'PUBLISHED', '[]', false, $4, $4, true, '{32.73}', now() FROM generate_series(1, $5::integer) AS n`,
    [newId('product'), newId('shop'), categoryId, price, count],
  )

beforeAll(async () => {
  market = await startMarket()
  crowded = await makeCategory(market)
  small = await makeCategory(market)
  await fill(crowded, 10_000, 10_050)
  await fill(small, 20_000, 50)
})

afterAll(() => market.stop())

const facetsOf = async (filter: object) => {
  const query = `query ($filter: ProductFilter) { productFacets(filter: $filter) { total inStock minPrice { amount } maxPrice { amount }
    categories { category { id } count } regencies { code count } } }`
  return (await read(market, query, { variables: { filter } }))['productFacets']
}

const ofSmall = {
  total: 50,
  inStock: 50,
  minPrice: { amount: 20_000 },
  maxPrice: { amount: 20_000 },
  regencies: [{ code: '32.73', count: 50 }],
}

describe('the counts beside a list of more than ten thousand products', () => {
  it('are those of a small category that came last', async () => {
    expect(await facetsOf({ categoryId: small })).toMatchObject(ofSmall)
    expect(await facetsOf({ categoryId: small, regencyCodes: ['32.73'], inStock: true })).toMatchObject(ofSmall)
  })

  it('find what few products cost, and each facet what lies outside of its own condition', async () => {
    const dear = { total: 50, inStock: 50, categories: [{ category: { id: small }, count: 50 }] }
    expect(await facetsOf({ minPrice: 15_000 })).toMatchObject(dear)
    expect(await facetsOf({ text: 'kopi', minPrice: 15_000 })).toMatchObject(dear)
    const none = { total: 0, inStock: 0, categories: [{ category: { id: crowded }, count: 10_000 }], regencies: [] }
    expect(await facetsOf({ categoryId: small, maxPrice: 15_000 })).toMatchObject({ ...none, minPrice: { amount: 20_000 } })
  })

  it('go up to ten thousand, in one statement', async () => {
    const before = market.statements.length
    expect(await facetsOf({ categoryId: crowded, maxPrice: 15_000 })).toMatchObject({
      total: 10_000,
      minPrice: { amount: 10_000 },
    })
    expect(await facetsOf({})).toMatchObject({ total: 10_000, inStock: 10_000 })
    const asked = market.statements.slice(before).filter((statement) => statement.includes('AS total'))
    expect(asked).toHaveLength(2)
  })
})
