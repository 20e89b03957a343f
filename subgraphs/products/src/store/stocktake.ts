import type { Send, Statement } from '@pasar/shared/statement'
import type { ReservationState } from '../domain/reservation.ts'
import type { Line, Sale, Stocktake } from '../domain/reserve-plan.ts'

/** What is known of a checkout that wants to reserve, and of what it wants. */
export interface Looked extends Stocktake {
  /** What an earlier reserve of this checkout was asked and answered. */
  readonly record: { readonly hash: string; readonly outcome: string } | null
  readonly state: ReservationState | null
}

const look: Statement = {
  name: 'products look',
  text: `WITH line AS (SELECT * FROM unnest($2::text[], $3::integer[]) AS line (id, quantity)),
    component AS (SELECT bundle_id, component_id, quantity FROM bundle_component WHERE bundle_id = ANY($2::text[])),
    sku AS (
      SELECT id, sum(quantity) AS quantity FROM (
        SELECT id, quantity FROM line
        UNION ALL SELECT c.component_id, c.quantity * line.quantity FROM component c JOIN line ON line.id = c.bundle_id) AS need
      GROUP BY id),
    shelf AS (
      SELECT s.variant_id AS "variantId", s.warehouse_id AS "warehouseId", s.on_hand - s.reserved AS counted, v.stock_mode = 'UNITS' AS "byUnits",
        (SELECT count(*) FROM (SELECT FROM stock_unit u WHERE u.variant_id = s.variant_id AND u.warehouse_id = s.warehouse_id
          LIMIT sku.quantity) AS ready) AS units
      FROM sku JOIN stock s ON s.variant_id = sku.id JOIN variant v ON v.id = sku.id)
    SELECT
      (SELECT json_build_object('hash', request_hash, 'outcome', outcome) FROM idempotency_record
        WHERE scope = 'productsReserve' AND actor = 'orders' AND key = $1) AS record,
      (SELECT state FROM reservation WHERE checkout_id = $1) AS state,
      (SELECT coalesce(json_agg(json_build_object('id', v.id, 'productId', v.product_id, 'shopId', v.shop_id, 'title', p.title,
          'variantName', v.name, 'sku', v.sku, 'price', v.price, 'weightGrams', v.weight_grams, 'lengthMm', v.length_mm,
          'widthMm', v.width_mm, 'heightMm', v.height_mm, 'imageUrl', p.images->0->>'url')), '[]')
        FROM line JOIN variant v ON v.id = line.id JOIN product p ON p.id = v.product_id
        WHERE v.active AND p.status = 'PUBLISHED' AND NOT p.shop_suspended) AS "onSale",
      (SELECT coalesce(json_agg(json_build_object('bundleId', bundle_id, 'componentId', component_id, 'quantity', quantity)
        ORDER BY component_id), '[]') FROM component) AS components,
      (SELECT coalesce(json_agg(shelf), '[]') FROM shelf) AS shelves,
      (SELECT coalesce(json_agg(json_build_object('id', w.id, 'contactName', w.contact_name, 'phone', w.phone, 'street', w.street,
          'districtCode', w.district_code, 'regencyCode', w.regency_code, 'postalCode', w.postal_code)), '[]')
        FROM warehouse w WHERE w.id IN (SELECT "warehouseId" FROM shelf)) AS warehouses`,
}

type Row = Omit<Looked, 'onSale'> & { readonly onSale: readonly (Omit<Sale, 'price'> & { readonly price: number })[] }

/** Looks at everything that a reservation is decided by, at one moment and without holding anything. */
export async function lookAround(send: Send, checkoutId: string, lines: readonly Line[]): Promise<Looked> {
  const variantIds = lines.map(({ variantId }) => variantId)
  const quantities = lines.map(({ quantity }) => quantity)
  const [row] = await send<Row>(look, checkoutId, variantIds, quantities)
  return { ...row!, onSale: row!.onSale.map((sale) => ({ ...sale, price: BigInt(sale.price) })) }
}
