import { importListings } from '@pasar/products/commands/import-listings'
import { reserveStock } from '@pasar/products/commands/reserve-stock'
import type { ImportBatch } from '@pasar/products/domain/import'
import { openDatabase, type Tx } from '@pasar/products/store/database'
import { openRush } from '@pasar/products/store/rush'
import { layUnitsOut, setStockMode } from '@pasar/products/store/units'
import { migrateDatabase } from '@pasar/scripts/migrate/database'
import { defaultDataDir } from '@pasar/scripts/paths'
import { startPostgres } from '@pasar/scripts/postgres/server'
import { systemClock } from '@pasar/shared/clock'
import { derivedId, newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { sendOver, transactionOver } from '@pasar/shared/postgres/statement'
import { transactionOf } from '@pasar/shared/postgres/transaction'
import pg from 'pg'
import { parentOf, usageOf } from '../common/usage.ts'

/** How many SKUs the many are. */
export const skus = 1_000

/** Connections of each contestant: as many as a subgraph has. */
export const connections = 10

const onHand = 5_000_000
const hourMs = 3_600_000
const variantId = (index: number) => derivedId('variant', 'bench-stock', `${index}`)
const warehouseId = derivedId('warehouse', 'bench-stock')
const range = (count: number) => Array.from({ length: count }, (_, index) => index)

/** Takes one unit of the nth SKU; says whether it could. */
export type TakeOne = (sku: number) => Promise<boolean>

/** Shelves on a PostgreSQL of their own. */
export interface Shelves {
  /** One unit of a SKU, through the command that checkouts reserve by. */
  readonly reserve: TakeOne
  /** One prepared UPDATE of a counter in a transaction, and nothing else. */
  readonly bare: TakeOne
  /** Says how the stock of the first SKU is taken. */
  takeFirstBy(mode: 'COUNTER' | 'UNITS'): Promise<void>
  /** As the server does by itself when a market has run for a while. */
  analyze(): Promise<void>
  /** Faults of the stock after everything: there must be none. */
  faults(): Promise<number>
  /** What the server has used of the processor. */
  serverCpuMs(): number
  stop(): Promise<void>
}

/** The server waits for the disk, as a market's does. */
export async function openShelves(say: (line: string) => void): Promise<Shelves> {
  const server = await startPostgres({ dataDir: defaultDataDir, mode: 'throwaway', waitsForDisk: true, say })
  const url = server.urlFor('products')
  await migrateDatabase({ domain: 'products', url })
  const postgres = openPostgres({ url, connectionsMax: connections })
  const db = openDatabase(postgres.adapter)
  const transaction = transactionOf<Tx>(db)
  const plainTransaction = transactionOver(postgres.pool)
  const send = sendOver(postgres.pool)
  for (let from = 0; from < skus; from += 200) await importListings({ transaction, clock: systemClock }, batchFrom(from))
  const bare = await openBare(url)
  const { rows } = await postgres.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const serverPid = parentOf(rows[0]!.pid)
  const analyze = async () => void (await postgres.pool.query('VACUUM ANALYZE'))
  // A command touches nothing else of what a subgraph has.
  const deps = {
    db,
    transaction,
    plainTransaction,
    send,
    rush: openRush(send, plainTransaction),
    reads: db,
    clock: systemClock,
    live: undefined as never,
  }
  return {
    bare: bare.take,
    reserve: async (sku) => {
      const expiresAt = new Date(Date.now() + hourMs)
      const lines = [{ variantId: variantId(sku), quantity: 1 }]
      const { __typename } = await reserveStock(deps, { checkoutId: newId('checkout'), lines, expiresAt })
      return __typename === 'ProductsReserved'
    },
    takeFirstBy: async (mode) => {
      await setStockMode(send, variantId(0), mode)
      if (mode === 'UNITS') await layUnitsOut(send, [variantId(0)])
    },
    analyze,
    faults: async () => (await postgres.pool.query<{ faults: number }>(faultsSql)).rows[0]!.faults,
    serverCpuMs: () => usageOf(serverPid).cpuMs,
    stop: async () => {
      await bare.stop()
      await db.$disconnect()
      await postgres.stop()
      await server.stop()
    },
  }
}

/** Every unit that is reserved is in a reservation, in a movement, or lies ready; every reservation has its event and its outcome. */
const faultsSql = `SELECT (
    (SELECT count(*) FROM stock s WHERE s.reserved <>
      (SELECT coalesce(sum(a.quantity), 0) FROM reservation_allocation a WHERE a.variant_id = s.variant_id)
      + (SELECT count(*) FROM stock_unit u WHERE u.variant_id = s.variant_id))
    + abs((SELECT count(*) FROM reservation) - (SELECT count(*) FROM outbox_event WHERE type = 'StockMoved'))
    + abs((SELECT count(*) FROM reservation) - (SELECT count(*) FROM stock_movement WHERE kind = 'RESERVED'))
    + abs((SELECT count(*) FROM reservation) - (SELECT count(*) FROM idempotency_record)))::integer AS faults`

async function openBare(url: string): Promise<{ readonly take: TakeOne; stop(): Promise<void> }> {
  const pool = new pg.Pool({ connectionString: url, max: connections })
  await pool.query(`CREATE TABLE bare_counter (id TEXT PRIMARY KEY, quantity INTEGER NOT NULL CHECK (quantity >= 0))`)
  await pool.query(`INSERT INTO bare_counter SELECT id, $2 FROM unnest($1::text[]) AS id`, [range(skus).map(variantId), onHand])
  const text = 'UPDATE bare_counter SET quantity = quantity - 1 WHERE id = $1 AND quantity >= 1'
  const take: TakeOne = async (sku) => {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      const { rowCount } = await client.query({ name: 'bare', text, values: [variantId(sku)] })
      await client.query('COMMIT')
      return rowCount === 1
    } finally {
      client.release()
    }
  }
  return { take, stop: () => pool.end() }
}

/** Two variants of a product, as the seed of the market's bench has them. */
function batchFrom(from: number): ImportBatch {
  const shopId = derivedId('shop', 'bench-stock')
  const categoryId = derivedId('category', 'bench-stock')
  const size = { weightGrams: 400, lengthMm: 200, widthMm: 100, heightMm: 50 }
  const place = {
    phone: '+6281936677889',
    street: 'Jalan Braga 1',
    districtCode: '32.73.19',
    regencyCode: '32.73',
    postalCode: '40111',
  }
  return {
    categories: [{ id: categoryId, parentId: null, name: 'Kopi', englishName: null }],
    warehouses: [{ id: warehouseId, shopId, name: 'Gudang utama', contactName: 'Budi', ...place }],
    products: range(100).map((index) => ({
      id: derivedId('product', 'bench-stock', `${from + index}`),
      shopId,
      categoryId,
      title: `Kopi Gayo ${from + index}`,
      description: 'Biji kopi arabika.',
      images: [{ url: '/pictures/kopi.svg', altText: 'Gambar secangkir kopi' }],
      soldCount: 0,
      createdAt: new Date(0),
      variants: [0, 1].map((second) => ({
        id: variantId(from + 2 * index + second),
        sku: `KOPI-${from + 2 * index + second}`,
        name: '250 gram',
        price: 53_500n,
        ...size,
        stock: [{ warehouseId, onHand }],
      })),
    })),
  }
}
