import type { Check } from './broken.ts'

const anytime = { domain: 'payments', when: 'anytime' } as const

/** I1 of the books alone: journals and the whole sum to 0, balances are their postings, nothing that may not is negative. */
export const bookChecks: readonly Check[] = [
  {
    ...anytime,
    invariant: 'I1',
    sql: `SELECT 'the ledger sums to ' || sum(amount) || ' ' || currency AS what FROM posting GROUP BY currency HAVING sum(amount) <> 0`,
  },
  {
    ...anytime,
    invariant: 'I1',
    sql: `SELECT 'journal ' || journal_id || ' sums to ' || sum(amount) AS what FROM posting GROUP BY journal_id, currency HAVING sum(amount) <> 0`,
  },
  {
    ...anytime,
    invariant: 'I1',
    sql: `SELECT 'journal ' || id || ' has no postings' AS what FROM journal WHERE NOT EXISTS (SELECT FROM posting WHERE journal_id = journal.id)`,
  },
  {
    ...anytime,
    invariant: 'I1',
    sql: `SELECT 'account ' || a.id || ' says ' || a.balance || ', its postings ' || coalesce(sum(p.amount), 0) AS what
      FROM account a LEFT JOIN posting p ON p.account_id = a.id WHERE NOT a.may_be_negative
      GROUP BY a.id HAVING a.balance <> coalesce(sum(p.amount), 0)`,
  },
  {
    ...anytime,
    invariant: 'I1',
    sql: `SELECT 'account ' || id || ' is negative: ' || balance AS what FROM account
      WHERE NOT may_be_negative AND CASE normal_side WHEN 'DEBIT' THEN balance < 0 ELSE balance > 0 END`,
  },
]

/** I1 and I8 of the ledger and of what it is about: true in every snapshot. */
export const ledgerChecks: readonly Check[] = [
  ...bookChecks,
  {
    ...anytime,
    invariant: 'I8',
    sql: `SELECT 'order ' || o.order_id || ' got ' || sum(r.amount) || ' back of ' || (o.items_amount + o.shipping_amount) AS what
      FROM payment_order o JOIN refund r ON r.order_id = o.order_id
      GROUP BY o.order_id HAVING sum(r.amount) > o.items_amount + o.shipping_amount`,
  },
  {
    ...anytime,
    invariant: 'I8',
    sql: `SELECT 'refunds of payment ' || payment_id || ' settle ' || sum(r.disputed_amount) || ' of what went back unasked, which was ' ||
        coalesce(e.amount, 0) AS what
      FROM refund r LEFT JOIN (SELECT payment_id, sum(disputed_amount) AS amount FROM payment_event GROUP BY 1) e USING (payment_id)
      GROUP BY payment_id, e.amount HAVING sum(r.disputed_amount) > coalesce(e.amount, 0)`,
  },
  {
    ...anytime,
    invariant: 'I8',
    sql: `SELECT 'payment ' || p.id || ' is not captured and refunds ' || sum(r.amount) AS what
      FROM payment p JOIN refund r ON r.payment_id = p.id WHERE p.captured_at IS NULL GROUP BY p.id`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'payment ' || p.id || ' is of ' || p.amount || ', its orders of ' || coalesce(sum(o.items_amount + o.shipping_amount), 0) AS what
      FROM payment p LEFT JOIN payment_order o ON o.payment_id = p.id GROUP BY p.id
      HAVING p.amount <> coalesce(sum(o.items_amount + o.shipping_amount), 0)`,
  },
  {
    ...anytime,
    invariant: 'I1',
    sql: `WITH held AS (
        SELECT o.order_id, o.escrow, p.captured_at, o.items_amount + o.shipping_amount AS share,
          coalesce(r.amount, 0) AS refunded, 0 - coalesce(a.balance, 0) AS balance
        FROM payment_order o JOIN payment p ON p.id = o.payment_id
        LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM refund GROUP BY order_id) r ON r.order_id = o.order_id
        LEFT JOIN account a ON a.id = 'ESCROW:' || o.order_id)
      SELECT 'order ' || order_id || ' (' || escrow || ') holds ' || balance || ' of ' || share || ' less ' || refunded AS what FROM held
      WHERE balance <> CASE WHEN captured_at IS NULL OR escrow = 'RELEASED' THEN 0 ELSE share - refunded END`,
  },
  {
    ...anytime,
    invariant: 'I1',
    sql: `SELECT 'order ' || id || ' is owed ' || coalesce(a.owed, 0) || ' of refunds, asked for are ' || coalesce(r.amount, 0) AS what
      FROM (SELECT owner_id AS id, 0 - balance AS owed FROM account WHERE kind = 'REFUND_PAYABLE') a
      FULL JOIN (
        SELECT order_id AS id, sum(amount - disputed_amount) AS amount FROM refund WHERE state = 'REQUESTED' GROUP BY order_id) r USING (id)
      WHERE coalesce(a.owed, 0) <> coalesce(r.amount, 0)`,
  },
  {
    ...anytime,
    invariant: 'I1',
    sql: `SELECT 'withdrawal ' || w.id || ' (' || w.state || ') of ' || w.amount || ' has ' || (0 - coalesce(a.balance, 0)) || ' on its way' AS what
      FROM withdrawal w LEFT JOIN account a ON a.id = 'PAYOUT:' || w.id
      WHERE 0 - coalesce(a.balance, 0) <> CASE WHEN w.state IN ('REQUESTED', 'SENT') THEN w.amount ELSE 0 END`,
  },
  {
    ...anytime,
    invariant: 'I1',
    sql: `SELECT 'shop ' || owner_id || ' has ' || (0 - b.balance) || ' and owes ' || d.balance AS what
      FROM account b JOIN account d USING (owner_id)
      WHERE b.kind = 'SELLER_BALANCE' AND d.kind = 'SELLER_RECEIVABLE' AND b.balance < 0 AND d.balance > 0`,
  },
  {
    ...anytime,
    invariant: 'I1',
    sql: `WITH due AS (
        SELECT courier_id, owed_by, sum(amount - settled) AS amount FROM courier_due WHERE state IN ('OPEN', 'PARTLY_SETTLED') GROUP BY 1, 2),
      stands AS (
        SELECT owner_id, CASE kind WHEN 'COURIER_DEBT' THEN 'COURIER' ELSE 'MARKET' END AS owed_by, abs(balance) AS amount
        FROM account WHERE kind IN ('COURIER_DEBT', 'COURIER_PAYABLE'))
      SELECT 'dues of ' || coalesce(owner_id, courier_id) || ' by its ' || coalesce(s.owed_by, d.owed_by) || ' are ' ||
        coalesce(d.amount, 0) || ', its account says ' || coalesce(s.amount, 0) AS what
      FROM due d FULL JOIN stands s ON s.owner_id = d.courier_id AND s.owed_by = d.owed_by
      WHERE coalesce(d.amount, 0) <> coalesce(s.amount, 0)`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'order ' || o.order_id || ' has given ' || (o.refunded_items + o.refunded_shipping) || ' back, its refunds ' ||
        coalesce(sum(r.amount), 0) AS what
      FROM payment_order o LEFT JOIN refund r ON r.order_id = o.order_id
      GROUP BY o.order_id HAVING o.refunded_items + o.refunded_shipping <> coalesce(sum(r.amount), 0)`,
  },
]
