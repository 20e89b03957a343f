import { afterSql, cursorSql, listOfEach, orderSql, Values, type Order, type Placed } from '@pasar/shared/subgraph/keyset'
import type { Page } from '@pasar/shared/subgraph/page'
import type { Reads, SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf, type Send, type Statement } from '@pasar/shared/postgres/statement'
import type { FlashSaleState, FlashSaleTerms } from '../domain/flash-sale.ts'
import { listed } from './products.ts'

/** A flash sale as it is kept. */
export interface FlashSaleRow {
  readonly id: string
  readonly variantId: string
  readonly shopId: string
  readonly price: bigint
  /** What the variant costs before and after; null before it begins. */
  readonly regularPrice: bigint | null
  readonly startsAt: Date
  readonly endsAt: Date
  readonly state: FlashSaleState
  /** How many may be sold at its price, and to one account; null without a limit. */
  readonly units: number | null
  readonly unitsPerBuyer: number | null
  /** What checkouts hold or have bought; counted where there is a limit. */
  readonly taken: number
}

const columns = `f.id, f.variant_id AS "variantId", f.shop_id AS "shopId", f.price, f.regular_price AS "regularPrice",
  f.starts_at AS "startsAt", f.ends_at AS "endsAt", f.state, f.units, f.units_per_buyer AS "unitsPerBuyer", f.taken`

const running = `f.state = 'RUNNING'`

/** Flash sales by id. */
export const findFlashSales = (db: Reads, ids: readonly string[]): Promise<FlashSaleRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM flash_sale f WHERE f.id = ${anyOf('$1::text[]')}`, ids)

/** Those that run of these variants. */
export const findRunning = (db: Reads, variantIds: readonly string[]): Promise<FlashSaleRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM flash_sale f WHERE f.variant_id = ${anyOf('$1::text[]')} AND ${running}`, variantIds)

const byTime = (column: string, descending: boolean): Order => ({
  descending,
  columns: [
    { sql: column, kind: 'time' },
    { sql: 'f.id', kind: 'text' },
  ],
})
const soonestOver = byTime('f.ends_at', false)
const latestFirst = byTime('f.starts_at', true)

/** One page (and one row more) of those that run of things on sale, the ones that end first at the front. */
export function listRunning(db: Reads, page: Page): Promise<Placed<FlashSaleRow>[]> {
  const values = new Values()
  const sql = `SELECT ${columns}, ${cursorSql(soonestOver)} FROM flash_sale f
    JOIN variant v ON v.id = f.variant_id JOIN product p ON p.id = v.product_id
    WHERE ${running} AND v.active AND ${listed} AND ${afterSql(soonestOver, page.after, values)}
    ORDER BY ${orderSql(soonestOver)} LIMIT ${values.add(page.first + 1, 'bigint')}`
  return db.$queryRawUnsafe(sql, ...values.list)
}

/** One page (and one row more) of the flash sales of each shop, the latest first. */
export const listShopFlashSales = (db: Reads, shopIds: readonly string[], page: Page): Promise<Placed<FlashSaleRow>[]> =>
  listOfEach(db, shopIds, { columns, from: 'flash_sale f', where: 'f.shop_id = owner.id', order: latestFirst, page })

/** Those of a locked variant that wait or run, the first at the front. */
export const findAhead = (tx: SqlSeam, variantId: string): Promise<FlashSaleRow[]> =>
  tx.$queryRawUnsafe(
    `SELECT ${columns} FROM flash_sale f WHERE f.variant_id = $1 AND f.state IN ('SCHEDULED', 'RUNNING') ORDER BY f.starts_at`,
    variantId,
  )

/** What a flash sale is for, and what is asked for it. */
export interface NewFlashSale extends FlashSaleTerms {
  readonly id: string
  readonly variantId: string
  readonly shopId: string
  readonly createdAt: Date
}

/** Writes a flash sale down that waits for its beginning, and returns it. */
export async function insertFlashSale(tx: SqlSeam, sale: NewFlashSale): Promise<FlashSaleRow> {
  const sql = `INSERT INTO flash_sale AS f (id, variant_id, shop_id, price, starts_at, ends_at, turns_at, created_at, units, units_per_buyer)
    VALUES ($1, $2, $3, $4::bigint, $5::timestamptz, $6::timestamptz, $5::timestamptz, $7::timestamptz, $8::integer, $9::integer)
    RETURNING ${columns}`
  const { id, variantId, shopId, price, startsAt, endsAt, createdAt, units, unitsPerBuyer } = sale
  const values = [id, variantId, shopId, price, startsAt, endsAt, createdAt, units, unitsPerBuyer]
  return (await tx.$queryRawUnsafe<FlashSaleRow[]>(sql, ...values))[0]!
}

const due: Statement = {
  name: 'products flash sales due',
  text: `SELECT id, ends_at <= $1::timestamptz OR coalesce(sold >= units, false) AS over FROM flash_sale
    WHERE turns_at <= $1::timestamptz ORDER BY turns_at, id LIMIT $2::bigint`,
}

/** A flash sale whose time has come, to begin or to be over; all its units sold are its end, too. */
export interface FlashSaleDue {
  readonly id: string
  readonly over: boolean
}

/** Those whose time has come, the longest waiting first. */
export const findFlashSalesDue = (send: Send, now: Date, most: number): Promise<FlashSaleDue[]> => send(due, now, most)

/** The sales behind their variants, in the order of their ids as by checkouts that take of several of them. */
const lockBoth = `WITH sold AS MATERIALIZED (
    SELECT v.id FROM variant v WHERE v.id IN (SELECT variant_id FROM flash_sale WHERE id = ANY($1::text[])) ORDER BY v.id FOR NO KEY UPDATE)
  SELECT id FROM flash_sale WHERE id = ANY($1::text[]) AND (SELECT count(*) FROM sold) >= 0 ORDER BY id FOR NO KEY UPDATE`

/** The price of a variant changes with its flash sale, in the same statement. */
const repriced = `UPDATE variant v SET price = turned.now_costs, version = v.version + 1 FROM turned
  WHERE v.id = turned.variant_id AND turned.now_costs IS NOT NULL RETURNING v.id`

const begin = `WITH turned AS (
    UPDATE flash_sale f SET
      state = CASE WHEN v.price > f.price THEN 'RUNNING' ELSE 'CANCELLED' END,
      regular_price = CASE WHEN v.price > f.price THEN v.price END,
      turns_at = CASE WHEN v.price > f.price THEN f.ends_at END
    FROM variant v WHERE f.id = ANY($1::text[]) AND f.state = 'SCHEDULED' AND f.turns_at <= $2::timestamptz AND f.ends_at > $2::timestamptz
      AND v.id = f.variant_id
    RETURNING f.variant_id, CASE WHEN f.state = 'RUNNING' THEN f.price END AS now_costs)
  ${repriced}`

const end = `WITH turned AS (
    UPDATE flash_sale f SET state = $2, turns_at = NULL FROM flash_sale before
    WHERE f.id = ANY($1::text[]) AND f.turns_at IS NOT NULL AND before.id = f.id
    RETURNING f.variant_id, CASE WHEN before.state = 'RUNNING' THEN f.regular_price END AS now_costs)
  ${repriced}`

async function turn(tx: SqlSeam, ids: readonly string[], [sql, value]: readonly [string, unknown]): Promise<string[]> {
  await tx.$queryRawUnsafe(lockBoth, ids)
  return (await tx.$queryRawUnsafe<{ id: string }[]>(sql, ids, value)).map(({ id }) => id)
}

/** Begins those whose time has come, of each variant one; one that would not be cheaper is called off. Returns variants with another price. */
export const beginFlashSales = (tx: SqlSeam, ids: readonly string[], now: Date): Promise<string[]> => turn(tx, ids, [begin, now])

/** Ends those that are not over yet: what runs has its price of before. Returns variants with another price. */
export const endFlashSales = (tx: SqlSeam, ids: readonly string[], as: 'ENDED' | 'CANCELLED'): Promise<string[]> =>
  turn(tx, ids, [end, as])

/** A product's cheapest flash sale that runs. */
export interface CheapestSale extends FlashSaleRow {
  readonly productId: string
}

/** Those that run of these products, of each the cheapest. */
export const findCheapest = (db: Reads, productIds: readonly string[]): Promise<CheapestSale[]> =>
  db.$queryRawUnsafe(
    `SELECT DISTINCT ON (v.product_id) v.product_id AS "productId", ${columns} FROM variant v JOIN flash_sale f ON f.variant_id = v.id
     WHERE v.product_id = ${anyOf('$1::text[]')} AND v.active AND ${running} ORDER BY v.product_id, f.price, f.id`,
    productIds,
  )
