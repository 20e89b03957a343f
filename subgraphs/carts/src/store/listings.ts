import type { EventOf } from '@pasar/schema/events'
import type { SqlSeam } from '@pasar/shared/seam'
import type { Listing } from '../domain/cart.ts'

/** Columns of a listing `p`, as the domain names them. */
export const listingColumns = `p.variant_id AS "variantId", p.product_id AS "productId", p.shop_id AS "shopId", p.title,
  p.variant_name AS "variantName", p.image_url AS "imageUrl", p.price, p.available, p.active, p.weight_grams AS "weightGrams",
  p.length_mm AS "lengthMm", p.width_mm AS "widthMm", p.height_mm AS "heightMm", p.origin_regency_code AS "originRegencyCode"`

export const findListings = (db: SqlSeam, variantIds: readonly string[]): Promise<Listing[]> =>
  db.$queryRawUnsafe(`SELECT ${listingColumns} FROM listing p WHERE p.variant_id = ANY($1::text[])`, variantIds)

const columns = [
  'variant_id',
  'seq',
  'product_id',
  'shop_id',
  'title',
  'variant_name',
  'sku',
  'price',
  'weight_grams',
  'length_mm',
  'width_mm',
  'height_mm',
  'available',
  'active',
  'origin_regency_code',
  'image_url',
]

/** Events may come late: the older one never replaces the newer. */
const save = `INSERT INTO listing (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})
  ON CONFLICT (variant_id) DO UPDATE SET ${columns.map((column) => `${column} = EXCLUDED.${column}`).join(', ')}
  WHERE listing.seq < EXCLUDED.seq`

export async function saveListing(tx: SqlSeam, { seq, payload }: EventOf<'ListingChanged'>): Promise<void> {
  const { variantId, productId, shopId, title, variantName, sku, price, weightGrams, lengthMm, widthMm, heightMm } = payload
  const texts = [productId, shopId, title, variantName, sku]
  const numbers = [BigInt(price), weightGrams, lengthMm, widthMm, heightMm, payload.available]
  await tx.$executeRawUnsafe(
    save,
    variantId,
    BigInt(seq),
    ...texts,
    ...numbers,
    payload.active,
    payload.originRegencyCode,
    payload.imageUrl,
  )
}
