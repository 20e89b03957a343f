import type { Clock } from '@pasar/shared/clock'
import { entryOf, tellingRows } from '@pasar/shared/events/outbox'
import { executeLast, type SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf, rowsOf } from '@pasar/shared/postgres/statement'
import { availableSql, readySql } from './available.ts'
import { dueValues, takingDue } from './listings-due.ts'

/** Variants that changed, or products of which every variant did. */
export type Touched = { readonly variantIds: readonly string[] } | { readonly productIds: readonly string[] }

/** Bundles live by the stock of their components. All are locked at once, in the order of their ids, and until the commit nobody else computes figures of these products: the last event of a variant always has its last state. */
const locking = (variantIds: string, others = '') => `SELECT id FROM product WHERE id IN (
    ${others}SELECT product_id FROM variant v WHERE v.id = ${variantIds}
    UNION SELECT v.product_id FROM bundle_component b JOIN variant v ON v.id = b.bundle_id WHERE b.component_id = ${variantIds})
  ORDER BY id FOR NO KEY UPDATE`

const lock = locking(anyOf('$2::text[]'), 'SELECT unnest($1::text[]) UNION ')

const take = `WITH ${takingDue},
  touched AS MATERIALIZED (${locking('ANY(ARRAY(SELECT variant_id FROM due))')})
  SELECT ARRAY(SELECT id FROM touched ORDER BY id) AS "productIds", ARRAY(SELECT variant_id FROM due ORDER BY 1) AS "variantIds",
    ARRAY(SELECT sold FROM due ORDER BY variant_id) AS sold`

/** What an event says of a variant `v` of a product `p`. */
const event = entryOf('ListingChanged', {
  aggregateId: 'v.id',
  keys: ['v.product_id', 'v.shop_id'],
  payload: {
    variantId: 'v.id',
    productId: 'v.product_id',
    shopId: 'v.shop_id',
    title: 'p.title',
    variantName: 'v.name',
    sku: 'v.sku',
    price: 'v.price',
    weightGrams: 'v.weight_grams',
    lengthMm: 'v.length_mm',
    widthMm: 'v.width_mm',
    heightMm: 'v.height_mm',
    available: availableSql('v.id'),
    active: `v.active AND p.status = 'PUBLISHED' AND NOT p.shop_suspended`,
    originRegencyCode: `coalesce(
      (SELECT w.regency_code FROM stock s JOIN warehouse w ON w.id = s.warehouse_id
        WHERE s.variant_id = coalesce((SELECT min(component_id) FROM bundle_component WHERE bundle_id = v.id), v.id)
        ORDER BY s.on_hand - s.reserved + ${readySql} DESC, w.id LIMIT 1),
      (SELECT w.regency_code FROM warehouse w WHERE w.shop_id = v.shop_id ORDER BY w.created_at, w.id LIMIT 1), '')`,
    imageUrl: `coalesce(v.picture_url, p.images->0->>'url')`,
  },
})

/**
 * Brings figures of locked products up to date, with the units that were sold (or came back) of them, and tells of their variants. A product is
 * sent from where some of it lies; what lies nowhere any more is found where it lay. What events say of a product is not changed here.
 */
const refresh = `WITH figures AS (
    SELECT v.product_id AS id,
      coalesce(min(v.price) FILTER (WHERE v.active), min(v.price)) AS min_price,
      coalesce(max(v.price) FILTER (WHERE v.active), max(v.price)) AS max_price,
      bool_or(v.active AND ${availableSql('v.id')} > 0) AS in_stock
    FROM variant v WHERE v.product_id = ${anyOf('$1::text[]')} GROUP BY v.product_id),
  places AS (
    SELECT v.product_id AS id, coalesce(
      array_agg(DISTINCT w.regency_code ORDER BY w.regency_code) FILTER (WHERE v.active AND s.on_hand > 0),
      array_agg(DISTINCT w.regency_code ORDER BY w.regency_code)) AS regency_codes
    FROM variant v LEFT JOIN bundle_component b ON b.bundle_id = v.id
    JOIN stock s ON s.variant_id = coalesce(b.component_id, v.id) JOIN warehouse w ON w.id = s.warehouse_id
    WHERE v.product_id = ${anyOf('$1::text[]')} GROUP BY v.product_id),
  sold AS (
    SELECT v.product_id AS id, sum(part.sold)::integer AS units
    FROM ${rowsOf('$3::text[]', '$4::integer[]')} AS part (variant_id, sold) JOIN variant v ON v.id = part.variant_id GROUP BY 1),
  fresh AS (
    SELECT id, min_price, max_price, in_stock, coalesce(regency_codes, '{}') AS regency_codes, coalesce(units, 0) AS units
    FROM figures LEFT JOIN places USING (id) LEFT JOIN sold USING (id)),
  changed AS (
    UPDATE product p SET min_price = f.min_price, max_price = f.max_price, in_stock = f.in_stock, regency_codes = f.regency_codes,
      sold_count = greatest(0, p.sold_count + f.units)
    FROM fresh f WHERE p.id = f.id
      AND (p.min_price, p.max_price, p.in_stock, p.regency_codes, p.sold_count)
        IS DISTINCT FROM (f.min_price, f.max_price, f.in_stock, f.regency_codes, greatest(0, p.sold_count + f.units))),
  listing AS (
    SELECT ${event} AS entry, row_number() OVER (ORDER BY v.id) AS place
    FROM variant v JOIN product p ON p.id = v.product_id
    WHERE v.product_id = ${anyOf('$1::text[]')} AND ($2::text[] IS NULL OR v.id = ANY($2::text[])
      OR EXISTS (SELECT FROM bundle_component b WHERE b.bundle_id = v.id AND b.component_id = ANY($2::text[])))),
  ${tellingRows('listing', '$5')}
  SELECT`

/** Locks products, and those of variants and of the bundles that have them as parts; returns their ids. */
export async function lockTouched(
  tx: SqlSeam,
  { productIds = [], variantIds = [] }: { readonly productIds?: readonly string[]; readonly variantIds?: readonly string[] },
): Promise<string[]> {
  return (await tx.$queryRawUnsafe<{ id: string }[]>(lock, productIds, variantIds)).map(({ id }) => id)
}

/**
 * Brings the figures that lists sort and filter by up to date and tells everyone how the variants stand now. The last thing that a
 * command does: products and the numbering of events stay locked from here to the commit.
 */
export async function touchListings(tx: SqlSeam, clock: Clock, touched: Touched): Promise<void> {
  const productIds = await lockTouched(tx, touched)
  const variantIds = 'variantIds' in touched ? touched.variantIds : null
  await tx.$executeRawUnsafe(refresh, productIds, variantIds, [], [], clock.now())
}

interface Taken {
  readonly productIds: readonly string[]
  readonly variantIds: readonly string[]
  /** For each of the variants. */
  readonly sold: readonly number[]
}

/**
 * Does the same for variants whose stock has changed: so many of the changes that wait, or all of one variant. Says of how many variants. All that
 * its transaction does.
 */
export async function refreshDue(tx: SqlSeam, clock: Clock, which: number | string): Promise<number> {
  const [taken] = await tx.$queryRawUnsafe<[Taken]>(take, ...dueValues(which))
  const { productIds, variantIds, sold } = taken
  if (variantIds.length > 0) await executeLast(tx, refresh, productIds, variantIds, variantIds, sold, clock.now())
  return variantIds.length
}
