import type { Domain } from '@pasar/shared/domains'

/** An order as the whole market knows it. */
export interface OrderFact {
  readonly id: string
  readonly checkoutId: string
  readonly state: string
  readonly isPaid: boolean
  readonly reservedAs: string | null
  /** Its shop, and the regency where the courier fetches it. */
  readonly leavesFrom: string
  readonly units: number
  /** How many of them must be on the shelf again. */
  readonly back: number
  /** How much of its money was decided to go back. */
  readonly refunded: number
}

/** Money of an order on its way back, as payments knows it. */
export interface RefundFact {
  readonly id: string
  readonly paymentId: string
  readonly orderId: string
  /** What the buyer still gets by it: what a provider gave back before only settles a dispute. */
  readonly amount: number
  readonly state: string
  /** Which account it leaves the escrow for. */
  readonly against: string
}

/** Money of a shop on its way to a bank, as payments knows it. */
export interface WithdrawalFact {
  readonly id: string
  readonly amount: number
  readonly state: string
  /** The account that it goes to, and whose it is. */
  readonly number: string
  readonly holder: string
}

/** A parcel, as logistics knows it. */
export interface ShipmentFact {
  readonly id: string
  readonly orderId: string
  /** To the buyer, or back: an order has one of each. */
  readonly direction: 'OUTBOUND' | 'RETURN'
  readonly status: string
  /** What its courier calls it; null as long as none is booked. */
  readonly trackingNumber: string | null
}

/** What one database knows of a checkout or an order, by its id. */
export interface Facts {
  readonly orders: readonly OrderFact[]
  readonly checkouts: readonly { readonly id: string; readonly state: string; readonly total: number | null }[]
  readonly payments: readonly {
    readonly checkoutId: string
    readonly amount: number
    readonly isCaptured: boolean
    readonly state: string
  }[]
  readonly escrows: readonly { readonly orderId: string; readonly escrow: string; readonly refunded: number }[]
  readonly refunds: readonly RefundFact[]
  readonly withdrawals: readonly WithdrawalFact[]
  readonly reservations: readonly {
    readonly checkoutId: string
    readonly state: string
    readonly units: number
    readonly restocked: number
    /** The shops and regencies of the warehouses that it takes from. */
    readonly places: readonly string[]
  }[]
  readonly locks: readonly { readonly checkoutId: string; readonly state: string }[]
  readonly shipments: readonly ShipmentFact[]
}

/** Where each part of the facts comes from. */
export const factQueries: { readonly [N in keyof Facts]: { readonly domain: Domain; readonly sql: string } } = {
  orders: {
    domain: 'orders',
    sql: `SELECT o.id, o.checkout_id AS "checkoutId", o.state, o.paid_at IS NOT NULL AS "isPaid", o.reserved_as AS "reservedAs",
      concat_ws(' ', o.shop_id, o.origin->>'regencyCode') AS "leavesFrom",
      (SELECT sum(quantity)::int FROM order_line WHERE order_id = o.id) AS units,
      CASE WHEN o.state = 'CANCELLED' AND o.end_reason NOT IN ('PARCEL_LOST', 'RETURNED')
        THEN (SELECT sum(quantity)::int FROM order_line WHERE order_id = o.id)
        ELSE (SELECT coalesce(sum(l.quantity), 0)::int FROM order_refund r JOIN order_refund_line l ON l.refund_id = r.id
          WHERE r.order_id = o.id AND r.reason = 'LINES_CANCELLED') END AS back,
      (o.refunded_items + o.refunded_shipping)::float8 AS refunded
      FROM shop_order o`,
  },
  checkouts: {
    domain: 'orders',
    sql: `SELECT id, state, (items_total + shipping_total - coalesce(discount, 0))::float8 AS total FROM checkout`,
  },
  payments: {
    domain: 'payments',
    sql: `SELECT checkout_id AS "checkoutId", amount::float8 AS amount, captured_at IS NOT NULL AS "isCaptured", state FROM payment`,
  },
  escrows: {
    domain: 'payments',
    sql: `SELECT order_id AS "orderId", escrow, (refunded_items + refunded_shipping)::float8 AS refunded FROM payment_order`,
  },
  refunds: {
    domain: 'payments',
    sql: `SELECT id, payment_id AS "paymentId", order_id AS "orderId", (amount - disputed_amount)::float8 AS amount, state, against FROM refund`,
  },
  withdrawals: { domain: 'payments', sql: `SELECT id, amount::float8 AS amount, state, number, holder FROM withdrawal` },
  reservations: {
    domain: 'products',
    sql: `SELECT r.checkout_id AS "checkoutId", r.state, coalesce(sum(a.sold), 0)::int AS units,
      coalesce(sum(a.restocked * a.sold / a.quantity), 0)::int AS restocked,
      array_agg(DISTINCT concat_ws(' ', w.shop_id, w.regency_code)) AS places
      FROM reservation r LEFT JOIN reservation_allocation a ON a.reservation_id = r.id LEFT JOIN warehouse w ON w.id = a.warehouse_id
      GROUP BY r.id`,
  },
  locks: { domain: 'carts', sql: `SELECT checkout_id AS "checkoutId", state FROM cart_lock` },
  shipments: {
    domain: 'logistics',
    sql: `SELECT id, order_id AS "orderId", direction, status, tracking_number AS "trackingNumber" FROM shipment`,
  },
}
