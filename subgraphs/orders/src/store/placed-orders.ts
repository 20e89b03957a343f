import type { Checkout } from '../domain/checkout.ts'
import type { DeadlineKind } from '../domain/deadlines.ts'
import type { Order, OrderEvent, OrderLine, OrderParty } from '../domain/order.ts'
import type { Tx } from './client.ts'

/** A checkout's orders as they begin. */
export interface PlacedOrders {
  readonly checkout: Pick<Checkout, 'id' | 'itemsTotal' | 'shippingTotal'> & { readonly payBy: Date }
  readonly orders: readonly Order[]
  readonly lines: readonly OrderLine[]
}

const orderColumns = `id, "checkoutId", "shopId", "buyerId", state, code, "itemsTotal", "shippingCost", "courierServiceId", "courierServiceName",
  "weightGrams", origin, destination, "placedAt", version`

/** Every order begins with the entry and the deadline that its state means. */
const begun: { readonly event: OrderEvent; readonly party: OrderParty; readonly kind: DeadlineKind } = {
  event: 'PLACED',
  party: 'BUYER',
  kind: 'PAY',
}

const place = `WITH figures AS (UPDATE checkout SET items_total = $2, shipping_total = $3, pay_by = $4 WHERE id = $1),
  placed AS (
    INSERT INTO shop_order (id, checkout_id, shop_id, buyer_id, state, code, items_total, shipping_cost, courier_service_id, courier_service_name,
      weight_grams, origin, destination, placed_at, version)
    SELECT ${orderColumns} FROM jsonb_to_recordset($5::jsonb) AS placed (id text, "checkoutId" text, "shopId" text, "buyerId" text, state text,
      code integer, "itemsTotal" bigint, "shippingCost" bigint, "courierServiceId" text, "courierServiceName" text, "weightGrams" integer,
      origin jsonb, destination jsonb, "placedAt" timestamptz, version integer)
    RETURNING id, version, state, code, buyer_id, placed_at),
  sold AS (
    INSERT INTO order_line (id, order_id, variant_id, product_id, title, variant_name, sku, image_url, quantity, unit_price)
    SELECT id, "orderId", "variantId", "productId", title, "variantName", sku, "imageUrl", quantity, "unitPrice"
    FROM jsonb_to_recordset($6::jsonb) AS sold (id text, "orderId" text, "variantId" text, "productId" text, title text, "variantName" text,
      sku text, "imageUrl" text, quantity integer, "unitPrice" bigint)),
  told AS (
    INSERT INTO order_history (order_id, version, event, state, code, party, actor_id, at)
    SELECT id, version, '${begun.event}', state, code, '${begun.party}', buyer_id, placed_at FROM placed)
  INSERT INTO deadline (order_id, kind, due_at) SELECT id, '${begun.kind}', $4::timestamptz FROM placed`

/** Amounts as text: JSON's numbers end where rupiah may go on. */
const json = (rows: readonly object[]) =>
  JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

/** Puts a placed checkout's figures and its orders down, with their lines, their first entry and their first deadline. */
export const addPlacedOrders = (tx: Tx, { checkout, orders, lines }: PlacedOrders) =>
  tx.$executeRawUnsafe(place, checkout.id, checkout.itemsTotal, checkout.shippingTotal, checkout.payBy, json(orders), json(lines))
