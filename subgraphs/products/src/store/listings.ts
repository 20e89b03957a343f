import type { EventPayloads } from '@pasar/schema/events'
import type { Clock } from '@pasar/shared/clock'
import { enqueueAll } from '@pasar/shared/events/outbox'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import { availableSql, readySql } from './available.ts'
import { countSold, type ListingDue } from './listings-due.ts'

/** Variants that changed, with what of them was sold, or products of which every variant did. */
export type Touched =
  { readonly variantIds: readonly string[]; readonly sold?: readonly ListingDue[] } | { readonly productIds: readonly string[] }

/** Bundles live by the stock of their components. All are locked at once, in the order of their ids, and until the commit nobody else computes figures of these products: the last event of a variant always has its last state. */
const lock = `SELECT id FROM product WHERE id IN (
    SELECT unnest($1::text[])
    UNION SELECT product_id FROM variant v WHERE v.id = ${anyOf('$2::text[]')}
    UNION SELECT v.product_id FROM bundle_component b JOIN variant v ON v.id = b.bundle_id WHERE b.component_id = ${anyOf('$2::text[]')})
  ORDER BY id FOR NO KEY UPDATE`

/** A product is sent from where some of it lies; what lies nowhere any more is found where it lay. */
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
  fresh AS (SELECT id, min_price, max_price, in_stock, coalesce(regency_codes, '{}') AS regency_codes FROM figures LEFT JOIN places USING (id))
  UPDATE product p SET min_price = f.min_price, max_price = f.max_price, in_stock = f.in_stock, regency_codes = f.regency_codes
  FROM fresh f WHERE p.id = f.id
    AND (p.min_price, p.max_price, p.in_stock, p.regency_codes) IS DISTINCT FROM (f.min_price, f.max_price, f.in_stock, f.regency_codes)`

const state = `SELECT v.id AS "variantId", v.product_id AS "productId", v.shop_id AS "shopId", p.title, v.name AS "variantName", v.sku,
    v.price, v.weight_grams AS "weightGrams", v.length_mm AS "lengthMm", v.width_mm AS "widthMm", v.height_mm AS "heightMm",
    ${availableSql('v.id')} AS available,
    v.active AND p.status = 'PUBLISHED' AND NOT p.shop_suspended AS active,
    coalesce(
      (SELECT w.regency_code FROM stock s JOIN warehouse w ON w.id = s.warehouse_id
        WHERE s.variant_id = coalesce((SELECT min(component_id) FROM bundle_component WHERE bundle_id = v.id), v.id)
        ORDER BY s.on_hand - s.reserved + ${readySql} DESC, w.id LIMIT 1),
      (SELECT w.regency_code FROM warehouse w WHERE w.shop_id = v.shop_id ORDER BY w.created_at, w.id LIMIT 1), '') AS "originRegencyCode",
    coalesce(v.picture_url, p.images->0->>'url') AS "imageUrl"
  FROM variant v JOIN product p ON p.id = v.product_id
  WHERE v.product_id = ${anyOf('$1::text[]')} AND ($2::text[] IS NULL OR v.id = ANY($2::text[])
    OR EXISTS (SELECT FROM bundle_component b WHERE b.bundle_id = v.id AND b.component_id = ANY($2::text[])))
  ORDER BY v.id`

type Listing = EventPayloads['ListingChanged']

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
  const [only, sold] = 'variantIds' in touched ? [touched.variantIds, touched.sold ?? []] : [null, []]
  await countSold(tx, sold)
  await tx.$executeRawUnsafe(refresh, productIds)
  const listings = await tx.$queryRawUnsafe<(Omit<Listing, 'price'> & { price: bigint })[]>(state, productIds, only)
  await enqueueAll(
    tx,
    clock,
    listings.map((listing) => ({
      type: 'ListingChanged',
      aggregateId: listing.variantId,
      keys: [listing.productId, listing.shopId],
      payload: { ...listing, price: Number(listing.price) },
    })),
  )
}
