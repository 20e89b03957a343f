import { newId, type Id } from '@pasar/shared/ids'
import type { Postgres } from '@pasar/shared/postgres/pool'

type Pool = Postgres['pool']

const places = `jsonb_build_object('name', 'Siti', 'phone', '0812', 'street', 'Jalan 1', 'districtCode', '31.73.05', 'regencyCode', '31.73',
  'postalCode', '11530')`

/** Most orders of a shop have ended; what waits for the seller, and even more what staff decide, is rare. */
const stateOf = `CASE WHEN n % 2000 = 7 THEN 'MEDIATION' WHEN n % 100 < 2 THEN 'PAID' WHEN n % 100 < 3 THEN 'ACCEPTED'
  WHEN n % 100 < 5 THEN 'SHIPPED' WHEN n % 100 < 8 THEN 'CANCELLED' ELSE 'COMPLETED' END`

/** One of every thousand orders is of tea, the others are of coffee. */
const titleOf = `CASE WHEN n % 1000 = 3 THEN 'Teh Melati Spesial' ELSE 'Kopi Gayo' END`

const fill = `WITH numbers AS (SELECT n, $1::text || lpad(n::text, 20, '0') AS tail, ${stateOf} AS state,
      timestamptz '2025-01-01' + n * interval '1 minute' AS at, CASE WHEN $3 THEN $2 ELSE 'shp_' || n % 500 END AS shop
    FROM generate_series(1, $4::integer) AS n),
  checkouts AS (
    INSERT INTO checkout (id, buyer_id, cart_id, cart_version, payment_method, state, created_at)
    SELECT 'chk_' || tail, 'usr_' || n % 1000, 'crt_' || tail, 1, 'QRIS', 'PAID', at FROM numbers),
  orders AS (
    INSERT INTO shop_order (id, checkout_id, shop_id, buyer_id, state, code, end_reason, items_total, shipping_cost, courier_service_id,
      courier_service_name, weight_grams, origin, destination, paid_at, placed_at, seller_due_at)
    SELECT 'ord_' || tail, 'chk_' || tail, shop, 'usr_' || n % 1000, state, 0, CASE state WHEN 'CANCELLED' THEN 'UNPAID' END, 1, 1, 'jne_reg', 'JNE', 1,
      ${places}, ${places}, at, at, CASE WHEN state IN ('PAID', 'ACCEPTED') THEN at + interval '2 days' END
    FROM numbers)
  INSERT INTO order_line (id, order_id, variant_id, product_id, title, variant_name, sku, quantity, unit_price)
  SELECT 'oln_' || tail, 'ord_' || tail, 'var', 'prd', ${titleOf}, '250 g', 'KOPI-250', 1, 1 FROM numbers`

/** Fills a database, as its owner, with a shop of so many orders, and with as many of five hundred others. */
export async function fillShop(pool: Pool, orders: number): Promise<Id<'shop'>> {
  const shopId = newId('shop')
  await pool.query({ text: fill, values: ['000001', shopId, true, orders] })
  await pool.query({ text: fill, values: ['000002', shopId, false, orders] })
  await pool.query('VACUUM ANALYZE shop_order, order_line, checkout')
  return shopId
}
