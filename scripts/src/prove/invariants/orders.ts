import { sellersDeadlines } from '@pasar/orders/domain/deadlines'
import { orderStates } from '@pasar/orders/domain/order'
import { rowOf, transitionNames } from '@pasar/orders/domain/order-moves'
import type { Check } from './broken.ts'

const anytime = { domain: 'orders', when: 'anytime' } as const
const healed = { domain: 'orders', when: 'healed', invariant: 'I5' } as const

/** Every legal move as (from, to), as SQL; where money goes back, nothing may be left of the order. */
const legalMoves = transitionNames
  .map(rowOf)
  .flatMap(({ from, to, refunds }) =>
    from.flatMap((state) => [to, ...(refunds ? ['CANCELLED'] : [])].map((end) => `('${state}', '${end}')`)),
  )
  .join(', ')

/** What a seller has to do in which state, as SQL: pairs of deadline and state. */
const sellersWork = orderStates.flatMap((state) => sellersDeadlines(state).map((kind) => `('${kind}', '${state}')`)).join(', ')

/** What is true of orders and sagas in their own database. */
export const orderChecks: readonly Check[] = [
  {
    ...anytime,
    invariant: 'I6',
    sql: `SELECT 'order ' || o.id || ' is at version ' || o.version || ', its history has ' || count(h.version) AS what
      FROM shop_order o LEFT JOIN order_history h ON h.order_id = o.id
      GROUP BY o.id HAVING o.version <> count(h.version) OR o.version <> max(h.version) OR min(h.version) <> 1`,
  },
  {
    ...anytime,
    invariant: 'I6',
    sql: `SELECT 'order ' || order_id || ' went from ' || before || ' to ' || state AS what FROM (
        SELECT order_id, state, lag(state) OVER (PARTITION BY order_id ORDER BY version) AS before FROM order_history) AS moves
      WHERE before IS NOT NULL AND before <> state AND (before, state) NOT IN (${legalMoves})`,
  },
  {
    ...anytime,
    invariant: 'I6',
    sql: `SELECT 'order ' || o.id || ' is ' || o.state || ', its history says ' || h.state AS what FROM shop_order o
      JOIN order_history h ON h.order_id = o.id AND h.version = o.version WHERE h.state <> o.state`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'order ' || o.id || ' is listed as due at ' || coalesce(o.seller_due_at::text, 'no time') || ', its deadlines say ' ||
        coalesce(min(d.due_at)::text, 'none') AS what
      FROM shop_order o LEFT JOIN deadline d ON d.order_id = o.id AND (d.kind, o.state) IN (${sellersWork})
      GROUP BY o.id HAVING o.seller_due_at IS DISTINCT FROM min(d.due_at)`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'order ' || o.id || ' of ' || o.items_total || ' has lines of ' || coalesce(sum(l.quantity * l.unit_price), 0) AS what
      FROM shop_order o LEFT JOIN order_line l ON l.order_id = o.id
      GROUP BY o.id HAVING o.items_total <> coalesce(sum(l.quantity * l.unit_price), 0)`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'order ' || o.id || ' gives back ' || o.refunded_items || ' and ' || o.refunded_shipping || ', its refunds ' ||
        coalesce(sum(r.items_amount), 0) || ' and ' || coalesce(sum(r.shipping_amount), 0) AS what
      FROM shop_order o LEFT JOIN order_refund r ON r.order_id = o.id
      GROUP BY o.id HAVING o.refunded_items <> coalesce(sum(r.items_amount), 0) OR o.refunded_shipping <> coalesce(sum(r.shipping_amount), 0)`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'refund ' || r.id || ' of goods for ' || r.items_amount || ' has lines of ' || coalesce(sum(l.amount), 0) AS what
      FROM order_refund r LEFT JOIN order_refund_line l ON l.refund_id = r.id
      GROUP BY r.id HAVING r.items_amount <> coalesce(sum(l.amount), 0)`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'line ' || l.id || ' of ' || l.quantity || ' units gives back ' || sum(r.quantity) AS what
      FROM order_line l JOIN order_refund_line r ON r.order_line_id = l.id
      GROUP BY l.id HAVING sum(r.quantity) > l.quantity OR sum(r.amount) > l.quantity * l.unit_price - l.discount`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'checkout ' || c.id || ' of ' || (c.items_total + c.shipping_total - coalesce(c.discount, 0)) || ' has orders of ' ||
        sum(o.items_total + o.shipping_cost - o.discount) AS what
      FROM checkout c JOIN shop_order o ON o.checkout_id = c.id
      GROUP BY c.id HAVING c.items_total + c.shipping_total - coalesce(c.discount, 0)
        IS DISTINCT FROM sum(o.items_total + o.shipping_cost - o.discount)`,
  },
  {
    ...anytime,
    invariant: 'I8',
    sql: `SELECT 'order ' || o.id || ' is ' || o.discount || ' cheaper, its lines ' || sum(l.discount) AS what
      FROM shop_order o JOIN order_line l ON l.order_id = o.id GROUP BY o.id HAVING o.discount <> sum(l.discount)`,
  },
  {
    ...anytime,
    invariant: 'I8',
    sql: `SELECT 'voucher ' || v.id || ' counts ' || v.used || ' of ' || v.uses || ' uses, orders hold ' || count(u.order_id) AS what
      FROM voucher v LEFT JOIN voucher_use u ON u.voucher_id = v.id AND u.given_back_at IS NULL
      GROUP BY v.id HAVING v.used <> count(u.order_id) OR v.used > v.uses`,
  },
  {
    ...anytime,
    invariant: 'I8',
    sql: `SELECT u.buyer_id || ' holds ' || count(*) || ' uses of voucher ' || v.id AS what
      FROM voucher v JOIN voucher_use u ON u.voucher_id = v.id AND u.given_back_at IS NULL
      GROUP BY v.id, u.buyer_id HAVING count(*) > v.uses_per_buyer`,
  },
  {
    ...anytime,
    invariant: 'I8',
    sql: `SELECT 'order ' || o.id || ' is ' || o.state || ' and holds no use of its voucher' AS what FROM shop_order o
      WHERE o.voucher_code IS NOT NULL AND o.state <> 'CANCELLED'
        AND NOT EXISTS (SELECT FROM voucher_use WHERE order_id = o.id AND given_back_at IS NULL)`,
  },
  {
    ...healed,
    invariant: 'I8',
    sql: `SELECT 'order ' || o.id || ' is cancelled and holds a use of its voucher' AS what FROM shop_order o
      JOIN voucher_use ON order_id = o.id AND given_back_at IS NULL WHERE o.state = 'CANCELLED'`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'orders of ' || s.checkout_id || ' are visible and nothing is reserved for them' AS what FROM saga s
      WHERE NOT s.context ? 'reserved' AND EXISTS (SELECT FROM shop_order WHERE checkout_id = s.checkout_id)`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'cart ' || cart_id || ' of ' || buyer_id || ' is in ' || count(*) || ' running checkouts' AS what FROM checkout
      WHERE state = 'PROCESSING' GROUP BY buyer_id, cart_id HAVING count(*) > 1`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'cart ' || cart_id || ' of ' || buyer_id || ' was bought ' || count(*) || ' times at version ' || cart_version AS what FROM checkout
      WHERE state IN ('AWAITING_PAYMENT', 'PAID') GROUP BY buyer_id, cart_id, cart_version HAVING count(*) > 1`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'the payment of checkout ' || c.id || ' is here, and its buyer is not told' AS what FROM checkout c
      JOIN saga s ON s.checkout_id = c.id WHERE (s.payment IS NOT DISTINCT FROM 'CAPTURED') <> (c.payment_received_at IS NOT NULL)`,
  },
  {
    ...healed,
    sql: `SELECT 'the saga of ' || checkout_id || ' stands at ' || step || ' (attempt ' || attempts || '): ' || coalesce(last_error, 'nothing went wrong') AS what
      FROM saga WHERE next_try_at IS NOT NULL OR lease_until IS NOT NULL OR step NOT IN ('ended', 'awaitPayment')`,
  },
  {
    ...healed,
    sql: `SELECT 'checkout ' || c.id || ' is ' || c.state || ', its saga at ' || s.step AS what FROM checkout c JOIN saga s ON s.checkout_id = c.id
      WHERE (c.state = 'AWAITING_PAYMENT') <> (s.step = 'awaitPayment') OR c.state = 'PROCESSING'`,
  },
]
