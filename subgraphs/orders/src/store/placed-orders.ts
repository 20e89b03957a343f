import type { Checkout } from '../domain/checkout.ts'
import type { Clock } from '@pasar/shared/clock'
import { eventValues, tellingOf, type NewEvent } from '@pasar/shared/events/outbox'
import type { DeadlineKind } from '../domain/deadlines.ts'
import type { Order, OrderEvent, OrderLine, OrderParty } from '../domain/order.ts'
import { besideAt, besideSaga, type Beside } from './sagas.ts'

/** A checkout's orders as they begin. */
export interface PlacedOrders {
  readonly checkout: Pick<Checkout, 'itemsTotal' | 'shippingTotal' | 'discount'>
  readonly orders: readonly Order[]
  readonly lines: readonly OrderLine[]
  readonly events: readonly NewEvent[]
}

const orderColumns = `id, "checkoutId", "shopId", "buyerId", state, code, "itemsTotal", discount, "voucherCode", "shippingCost", "courierServiceId", "courierServiceName",
  "weightGrams", origin, destination, "placedAt", version`

/** Every order begins with the entry that its state means. */
const begun: { readonly event: OrderEvent; readonly party: OrderParty } = { event: 'PLACED', party: 'BUYER' }

const place = besideSaga(`figures AS (
    UPDATE checkout SET items_total = $15, shipping_total = $16, discount = $17 FROM written WHERE id = written."checkoutId"),
  placed AS (
    INSERT INTO shop_order (id, checkout_id, shop_id, buyer_id, state, code, items_total, discount, voucher_code, shipping_cost, courier_service_id,
      courier_service_name, weight_grams, origin, destination, placed_at, version)
    SELECT ${orderColumns} FROM jsonb_to_recordset($18::jsonb) AS placed (id text, "checkoutId" text, "shopId" text, "buyerId" text, state text,
      code integer, "itemsTotal" bigint, discount bigint, "voucherCode" text, "shippingCost" bigint, "courierServiceId" text, "courierServiceName" text, "weightGrams" integer,
      origin jsonb, destination jsonb, "placedAt" timestamptz, version integer)
    WHERE EXISTS (SELECT FROM written)
    RETURNING id, version, state, code, buyer_id, placed_at),
  sold AS (
    INSERT INTO order_line (id, order_id, variant_id, product_id, category_id, title, variant_name, sku, image_url, quantity, unit_price, discount,
      piece)
    SELECT id, "orderId", "variantId", "productId", "categoryId", title, "variantName", sku, "imageUrl", quantity, "unitPrice", discount, piece
    FROM jsonb_to_recordset($19::jsonb) AS sold (id text, "orderId" text, "variantId" text, "productId" text, "categoryId" text,
      title text, "variantName" text, sku text, "imageUrl" text, quantity integer, "unitPrice" bigint, discount bigint, piece jsonb)
    WHERE EXISTS (SELECT FROM written)),
  begun AS (
    INSERT INTO order_history (order_id, version, event, state, code, party, actor_id, at)
    SELECT id, version, '${begun.event}', state, code, '${begun.party}', buyer_id, placed_at FROM placed),
  ${tellingOf('written', besideAt + 5)}`)

/** Amounts as text: JSON's numbers end where rupiah may go on. */
const json = (rows: readonly object[]) =>
  JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

/** Puts a placed checkout's figures and its orders down, with their lines, their first entry and what is told of them. */
export const addPlacedOrders = (clock: Clock, { checkout, orders, lines, events }: PlacedOrders): Beside => {
  const { itemsTotal, shippingTotal, discount } = checkout
  const values = [itemsTotal, shippingTotal, discount, json(orders), json(lines), ...eventValues(clock, events)]
  return { statement: place, values }
}

const open = besideSaga(`opened AS (
    UPDATE checkout SET state = 'AWAITING_PAYMENT', pay_by = $15::timestamptz FROM written
    WHERE id = written."checkoutId" AND state = 'PROCESSING' RETURNING id, payment_received_at),
  begun AS (
    INSERT INTO deadline (order_id, kind, due_at, done_at, kept)
    SELECT shop_order.id, '${'PAY' satisfies DeadlineKind}', $15::timestamptz, payment_received_at, CASE WHEN payment_received_at IS NOT NULL THEN true END
    FROM opened JOIN shop_order ON checkout_id = opened.id
    ON CONFLICT (order_id, kind) DO UPDATE SET due_at = excluded.due_at WHERE deadline.done_at IS NULL),
  ${tellingOf('opened', besideAt + 1)}`)

/** A checkout that can be paid from now on. */
export interface Payable {
  readonly payBy: Date
  readonly event: NewEvent
}

/** Lets a placed checkout wait for its payment, as long as that can be made, and tells it. */
export const openToPay = (clock: Clock, { payBy, event }: Payable): Beside => ({
  statement: open,
  values: [payBy, ...eventValues(clock, [event])],
})
