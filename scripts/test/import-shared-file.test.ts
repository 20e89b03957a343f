import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportSummary } from '../src/import/import-file.ts'
import { columns } from '../src/import/row.ts'
import { openSource } from '../src/import/source.ts'
import { root } from '../src/paths.ts'
import { importPath } from './support/import-csv.ts'
import { openTestMarket, type TestMarketDatabases } from './support/market-databases.ts'

const file = join(process.env['PASAR_SHARED'] ?? join(root, '..', 'shared'), 'data', 'tokopedia-products-reviews.csv')
const isThere = existsSync(file)
if (!isThere) process.stderr.write(`${file} is not there (PASAR_SHARED names its folder): its import is not tested\n`)

const places = JSON.parse(readFileSync(new URL('../src/import/places-of-shared-file.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>

describe.runIf(isThere)('the shared file', () => {
  let market: TestMarketDatabases
  let first: ImportSummary
  let second: ImportSummary

  beforeAll(async () => {
    market = await openTestMarket()
    first = await importPath(market, file)
    second = await importPath(market, file)
  }, 300_000)

  afterAll(() => market.stop())

  it('brings 842 products, 3,720 reviews and 205 shops, and one product that stands in two categories', () => {
    expect(first.rows).toEqual({ read: 3_720, taken: 3_720, refused: 0 })
    expect(first.inserted).toEqual({
      categories: 20,
      accounts: 205,
      shops: 205,
      warehouses: 205,
      products: 842,
      variants: 842,
      reviews: 3_720,
    })
    expect(first.remarks.first.map(({ line }) => line)).toEqual([2_866])
  })

  it('writes its places in the ways that the committed table lists, and no others', async () => {
    const spellings = new Set<string>()
    for await (const record of (await openSource(file)).records(() => undefined))
      if ('cells' in record) spellings.add(record.cells[columns.indexOf('Location')] ?? '')
    expect([...spellings].toSorted()).toEqual(Object.keys(places).toSorted())
  })

  it('puts shops into exactly the places of the committed table', async () => {
    const codes = await market.query<{ code: string }>('users', 'select distinct regency_code as code from shop order by 1')
    expect(codes.map(({ code }) => code)).toEqual([...new Set(Object.values(places))].toSorted())
  })

  it('changes nothing the second time', () => {
    expect(second.inserted).toEqual(Object.fromEntries(Object.keys(first.inserted).map((name) => [name, 0])))
    expect(second.unchanged).toEqual(first.inserted)
  })
})
