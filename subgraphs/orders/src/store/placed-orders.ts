import type { Checkout } from '../domain/checkout.ts'
import type { Clock } from '@pasar/shared/clock'
import { eventValues, tellingOf, type NewEvent } from '@pasar/shared/events/outbox'
import type { DeadlineKind } from '../domain/deadlines.ts'
import type { Order, OrderEvent, OrderLine, OrderParty } from '../domain/order.ts'
import type { Tx } from './database.ts'

/** A checkout's orders as they begin. */
export interface PlacedOrders {
  readonly checkout: Pick<Checkout, 'id' | 'itemsTotal' | 'shippingTotal' | 'discount'>
  readonly orders: readonly Order[]
  readonly lines: readonly OrderLine[]
}

const orderColumns = `id, "checkoutId", "shopId", "buyerId", state, code, "itemsTotal", discount, "voucherCode", "shippingCost", "courierServiceId", "courierServiceName",
  "weightGrams", origin, destination, "placedAt", version`

/** Every order begins with the entry that its state means. */
const begun: { readonly event: OrderEvent; readonly party: OrderParty } = { event: 'PLACED', party: 'BUYER' }

const place = `WITH figures AS (UPDATE checkout SET items_total = $2, shipping_total = $3, discount = $6 WHERE id = $1),
  placed AS (
    INSERT INTO shop_order (id, checkout_id, shop_id, buyer_id, state, code, items_total, discount, voucher_code, shipping_cost, courier_service_id,
      courier_service_name, weight_grams, origin, destination, placed_at, version)
    SELECT ${orderColumns} FROM jsonb_to_recordset($4::jsonb) AS placed (id text, "checkoutId" text, "shopId" text, "buyerId" text, state text,
      code integer, "itemsTotal" bigint, discount bigint, "voucherCode" text, "shippingCost" bigint, "courierServiceId" text, "courierServiceName" text, "weightGrams" integer,
      origin jsonb, destination jsonb, "placedAt" timestamptz, version integer)
    RETURNING id, version, state, code, buyer_id, placed_at),
  sold AS (
    INSERT INTO order_line (id, order_id, variant_id, product_id, category_id, title, variant_name, sku, image_url, quantity, unit_price, discount,
      piece)
    SELECT id, "orderId", "variantId", "productId", "categoryId", title, "variantName", sku, "imageUrl", quantity, "unitPrice", discount, piece
    FROM jsonb_to_recordset($5::jsonb) AS sold (id text, "orderId" text, "variantId" text, "productId" text, "categoryId" text,
      title text, "variantName" text, sku text, "imageUrl" text, quantity integer, "unitPrice" bigint, discount bigint, piece jsonb))
  INSERT INTO order_history (order_id, version, event, state, code, party, actor_id, at)
  SELECT id, version, '${begun.event}', state, code, '${begun.party}', buyer_id, placed_at FROM placed`

/** Amounts as text: JSON's numbers end where rupiah may go on. */
const json = (rows: readonly object[]) =>
  JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

/** Puts a placed checkout's figures and its orders down, with their lines and their first entry. */
export const addPlacedOrders = (tx: Tx, { checkout, orders, lines }: PlacedOrders) =>
  tx.$executeRawUnsafe(
    place,
    checkout.id,
    checkout.itemsTotal,
    checkout.shippingTotal,
    json(orders),
    json(lines),
    checkout.discount,
  )

const open = `WITH opened AS (
    UPDATE checkout SET state = 'AWAITING_PAYMENT', pay_by = $2::timestamptz WHERE id = $1 AND state = 'PROCESSING'
    RETURNING id, payment_received_at),
  begun AS (
    INSERT INTO deadline (order_id, kind, due_at, done_at, kept)
    SELECT shop_order.id, '${'PAY' satisfies DeadlineKind}', $2::timestamptz, payment_received_at, CASE WHEN payment_received_at IS NOT NULL THEN true END
    FROM opened JOIN shop_order ON checkout_id = opened.id
    ON CONFLICT (order_id, kind) DO UPDATE SET due_at = excluded.due_at WHERE deadline.done_at IS NULL),
  ${tellingOf('opened', 3)}
  SELECT id FROM opened`

/** A checkout that can be paid from now on. */
export interface Payable {
  readonly id: string
  readonly payBy: Date
  readonly event: NewEvent
}

/** Lets a placed checkout wait for its payment, as long as that can be made, and tells it. */
export const openToPay = async (tx: Tx, clock: Clock, { id, payBy, event }: Payable): Promise<void> => {
  await tx.$executeRawUnsafe(open, id, payBy, ...eventValues(clock, [event]))
}
