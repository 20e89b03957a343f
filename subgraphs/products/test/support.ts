import { newId, type Id } from '@pasar/shared/ids'
import { generateKeys, trustedIssuers } from '@pasar/shared/identity/keys'
import { openLog } from '@pasar/shared/log'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { readSettings } from '@pasar/shared/process/settings'
import type { Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { accountForTest } from '@pasar/shared/testing/account'
import { startForTest, type TestSubgraph } from '@pasar/shared/testing/subgraph'
import { transactionOf } from '@pasar/shared/postgres/transaction'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import pg from 'pg'
import { expect } from 'vitest'
import { importListings } from '../src/commands/import-listings.ts'
import type { ImportBatch, ImportCounts } from '../src/domain/import.ts'
import { openDatabase, type Tx } from '../src/store/database.ts'
import { openProducts } from '../src/subgraph.ts'

/** A products subgraph with short ways to make what most tests need. */
export interface TestMarket extends TestSubgraph {
  readonly admin: AccountViewer
  /** Past the subgraph, as its role. */
  readonly database: pg.Client
}

export async function startMarket(): Promise<TestMarket> {
  const products = await startForTest('products', openProducts)
  const database = new pg.Client({ connectionString: products.databaseUrl })
  await database.connect()
  const stop = async () => {
    await database.end()
    await products.stop()
  }
  return { ...products, admin: accountForTest(['admin']), database, stop }
}

/** A second products subgraph over the market's database. */
export function startReplica({ bus, clock, databaseUrl }: TestMarket): Promise<Subgraph> {
  const settings = readSettings({ ...generateKeys(), LOG_LEVEL: 'silent' })
  const log = openLog(settings.LOG_LEVEL, 'products')
  const trusted = trustedIssuers(settings, 'products')
  return openProducts({ bus, clock, log, settings, trusted, background: false }, databaseUrl)
}

/** Imports into the market's database, as `npm run import` does beside it. */
export interface TestImport {
  run(batch: ImportBatch): Promise<ImportCounts>
  stop(): Promise<void>
}

export function openImport({ databaseUrl, clock }: TestMarket, onStatement: () => void = () => undefined): TestImport {
  const postgres = openPostgres({ url: databaseUrl, connectionsMax: 2, onStatement })
  const db = openDatabase(postgres.adapter)
  return {
    run: (batch) => importListings({ transaction: transactionOf<Tx>(db), clock }, batch),
    stop: async () => {
      await db.$disconnect()
      await postgres.stop()
    },
  }
}

export interface TestShop {
  readonly shopId: Id<'shop'>
  readonly seller: AccountViewer
  readonly categoryId: string
  readonly warehouseIds: readonly string[]
}

type Row = Record<string, unknown>

/** Returns when so many sessions of the market's database wait for another one, or when that is in vain. */
export async function untilWaiting(
  { database }: TestMarket,
  sessions: number,
  inVain: () => boolean = () => false,
): Promise<void> {
  const sql = `SELECT count(DISTINCT pid)::int AS waiting FROM pg_locks
    WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND cardinality(pg_blocking_pids(pid)) > 0`
  while (!inVain() && (await database.query<{ waiting: number }>(sql)).rows[0]!.waiting < sessions);
}

/** Holds back whoever tells of a variant, until the returned function is called. */
export async function holdBack({ database }: TestMarket, variantId: string): Promise<() => Promise<unknown>> {
  await database.query('BEGIN')
  await database.query('SELECT FROM aggregate_sequence WHERE aggregate_id = $1 FOR UPDATE', [variantId])
  return () => database.query('COMMIT')
}

/** Executes a mutation with one input and returns its result; errors fail the test. */
export async function act(
  market: TestMarket,
  as: AccountViewer | 'orders',
  [field, input, selection]: readonly [string, Row, string?],
): Promise<Row> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`
  const inputType = type === 'CreateCategoryInput' ? 'CategoryInput' : type
  const query = `mutation ($input: ${inputType}!) { ${field}(input: $input) { __typename ${selection ?? ''} } }`
  const operation = { query, variables: { input } }
  const result = await (as === 'orders' ? market.executeAsOrders<Row>(operation) : market.execute<Row>({ ...operation, as }))
  expect(result.errors).toBeUndefined()
  return result.data![field] as Row
}

/** Executes a query; errors fail the test. */
export async function read(
  market: TestMarket,
  query: string,
  options: { as?: AccountViewer; variables?: Row; locale?: 'id' | 'en' } = {},
): Promise<Row> {
  const result = await market.execute<Row>({ query, ...options })
  expect(result.errors).toBeUndefined()
  return result.data!
}

const pick = (value: unknown, ...path: string[]): unknown => path.reduce((row, key) => (row as Row)[key], value)

export const text = (value: unknown, ...path: string[]): string => pick(value, ...path) as string

let counted = 0

export const unique = (prefix: string): string => `${prefix}-${(counted += 1)}`

export const makeCategory = async (market: TestMarket, input: Row = {}): Promise<string> => {
  const result = await act(market, market.admin, [
    'createCategory',
    { name: unique('Kategori'), ...input },
    '... on CreateCategorySuccess { category { id } }',
  ])
  return text(result, 'category', 'id')
}

export const warehouseInput = {
  name: 'Gudang utama',
  contactName: 'Budi',
  phone: '081234567890',
  street: 'Jalan Kebon Jeruk 1',
  districtCode: '31.73.05',
  postalCode: '11530',
}

/** A shop with its seller and a warehouse in each of the districts. */
export async function makeShop(market: TestMarket, districts: readonly string[] = ['31.73.05']): Promise<TestShop> {
  const shopId = newId('shop')
  const seller = accountForTest(['seller'], [shopId])
  const categoryId = await makeCategory(market)
  const warehouseIds: string[] = []
  for (const districtCode of districts) {
    market.clock.advance(1_000)
    const input = { ...warehouseInput, shopId, districtCode }
    const made = await act(market, seller, ['createWarehouse', input, '... on CreateWarehouseSuccess { warehouse { id } }'])
    warehouseIds.push(text(made, 'warehouse', 'id'))
  }
  return { shopId, seller, categoryId, warehouseIds }
}

export const variantInput = (changes: Row = {}): Row => ({
  sku: unique('SKU'),
  name: 'Merah',
  price: 53_500,
  weightGrams: 500,
  lengthMm: 200,
  widthMm: 100,
  heightMm: 50,
  ...changes,
})

export interface TestProduct {
  readonly productId: string
  readonly variantIds: readonly string[]
}

const made = '... on CreateProductSuccess { product { id variants { id } } }'

/** A draft, one second younger than whatever was made before it. */
export async function makeDraft(market: TestMarket, shop: TestShop, changes: Row = {}): Promise<TestProduct> {
  market.clock.advance(1_000)
  const input = {
    shopId: shop.shopId,
    categoryId: shop.categoryId,
    title: 'Papan ketik nirkabel',
    description: 'Papan ketik mini untuk televisi.',
    images: [{ url: '/pictures/keyboard.svg', altText: 'Papan ketik hitam' }],
    variants: [variantInput()],
    ...changes,
  }
  const { product } = await act(market, shop.seller, ['createProduct', input, made])
  const { id, variants } = product as { id: string; variants: { id: string }[] }
  return { productId: id, variantIds: variants.map((variant) => variant.id) }
}

/** A product on sale with this many units of each variant in the shop's first warehouse. */
export async function makeProduct(
  market: TestMarket,
  shop: TestShop,
  { units = 10, mode = 'COUNTER', ...changes }: Row & { units?: number; mode?: 'COUNTER' | 'UNITS' } = {},
): Promise<TestProduct> {
  const draft = await makeDraft(market, shop, changes)
  if (mode === 'UNITS') for (const variantId of draft.variantIds) await takeBy(market, shop, { variantId, mode })
  for (const variantId of draft.variantIds) await receive(market, shop, { variantId, units })
  expect(await act(market, shop.seller, ['publishProduct', { productId: draft.productId }])).toEqual({
    __typename: 'PublishProductSuccess',
  })
  return draft
}

/** Says how a variant's stock is taken. */
export const takeBy = async (
  market: TestMarket,
  { seller }: TestShop,
  input: { variantId: string; mode: 'COUNTER' | 'UNITS' },
): Promise<void> => {
  const selection = '... on ChangeStockModeSuccess { variant { stockMode } }'
  expect(await act(market, seller, ['changeStockMode', input, selection])).toMatchObject({ variant: { stockMode: input.mode } })
}

/** Puts units into one of the shop's warehouses. */
export const receive = async (
  market: TestMarket,
  shop: TestShop,
  { variantId, units, warehouse = 0 }: { variantId: string; units: number; warehouse?: number },
) => {
  const input = {
    variantId,
    warehouseId: shop.warehouseIds[warehouse],
    onHand: units,
    reason: 'RECEIVED',
    idempotencyKey: newId('movement'),
  }
  const result = await act(market, shop.seller, ['adjustStock', input])
  expect(result['__typename']).toBe('AdjustStockSuccess')
}

export const reserveSelection = `
  ... on ProductsReserved { reservationId lines { variantId categoryId categoryPath quantity unitPrice title sku warehouseId imageUrl } origins { shopId regencyCode name } }
  ... on ProductsOutOfStock { code lines { variantId available } }
  ... on ProductsFlashSaleLimited { code lines { variantId available } }
  ... on ProductsUnavailable { code variantIds }
  ... on ProductsReservationGone { code }`

/** Reserves as the checkout saga does, for an hour. */
export const reserve = (market: TestMarket, checkoutId: string, lines: readonly { variantId: string; quantity: number }[]) =>
  act(market, 'orders', [
    'productsReserve',
    { checkoutId, lines, expiresAt: new Date(market.clock.now().getTime() + 3_600_000).toISOString() },
    reserveSelection,
  ])

export const confirm = (market: TestMarket, checkoutId: string) => act(market, 'orders', ['productsConfirm', { checkoutId }])

export const release = (market: TestMarket, checkoutId: string) => act(market, 'orders', ['productsRelease', { checkoutId }])

/** Units of a variant by warehouse, as its seller sees them. */
export async function stockOf(market: TestMarket, { seller }: TestShop, variantId: string) {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Variant { stock { onHand reserved } } } }`
  const data = await read(market, query, { as: seller, variables: { r: [{ __typename: 'Variant', id: variantId }] } })
  return (data['_entities'] as { stock: { onHand: number; reserved: number }[] }[])[0]!.stock
}

export const checkoutId = () => newId('checkout')
