import type { EventOf } from '@pasar/schema/events'
import { minorUnits } from '@pasar/shared/money'
import type { Send, Statement } from '@pasar/shared/postgres/statement'
import type { Listing } from '../domain/cart.ts'

/** Columns of a listing `p`, as the domain names them. */
export const listingColumns = `p.variant_id AS "variantId", p.product_id AS "productId", p.shop_id AS "shopId", p.title,
  p.variant_name AS "variantName", p.image_url AS "imageUrl", p.price, p.available, p.active, p.weight_grams AS "weightGrams",
  p.length_mm AS "lengthMm", p.width_mm AS "widthMm", p.height_mm AS "heightMm", p.origin_regency_code AS "originRegencyCode"`

/** A listing as JSON: whole numbers are exact in it, see money.ts. */
export type ListingJson = Omit<Listing, 'price'> & { readonly price: number }

/** As SQL, the listing of a variant as JSON; NULL where there is none. */
export const listingJsonOf = (variantId: string): string =>
  `(SELECT to_jsonb(one) FROM (SELECT ${listingColumns} FROM listing p WHERE p.variant_id = ${variantId}) AS one)`

export const listingOf = ({ price, ...listing }: ListingJson): Listing => ({ ...listing, price: minorUnits(price) })

const columns = {
  variant_id: 'text',
  seq: 'bigint',
  product_id: 'text',
  shop_id: 'text',
  title: 'text',
  variant_name: 'text',
  sku: 'text',
  price: 'bigint',
  weight_grams: 'integer',
  length_mm: 'integer',
  width_mm: 'integer',
  height_mm: 'integer',
  available: 'integer',
  active: 'boolean',
  origin_regency_code: 'text',
  image_url: 'text',
}
const names = Object.keys(columns)
const given = Object.values(columns).map((type, index) => `$${index + 4}::${type}`)

/** Events may come twice, which the inbox knows, and late: the older one never replaces the newer. */
const save: Statement = {
  name: 'carts_save_listing',
  text: `WITH heard AS (INSERT INTO inbox_event (consumer, event_id, received_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1)
  INSERT INTO listing (${names.join(', ')}) SELECT ${given.join(', ')} FROM heard
  ON CONFLICT (variant_id) DO UPDATE SET ${names.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}
  WHERE listing.seq < EXCLUDED.seq`,
  writes: true,
}

/** Takes the news of a listing at most once. */
export async function saveListing(send: Send, { id, seq, payload }: EventOf<'ListingChanged'>, now: Date): Promise<void> {
  const { variantId, productId, shopId, title, variantName, sku, price, weightGrams, lengthMm, widthMm, heightMm } = payload
  const texts = [productId, shopId, title, variantName, sku]
  const numbers = [price, weightGrams, lengthMm, widthMm, heightMm, payload.available]
  const rest = [payload.active, payload.originRegencyCode, payload.imageUrl]
  await send(save, 'carts-listing', id, now, variantId, seq, ...texts, ...numbers, ...rest)
}
