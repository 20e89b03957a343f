import type { Check } from './broken.ts'

const anytime = { domain: 'products', when: 'anytime', invariant: 'I2' } as const

/** I2: true in every snapshot, for every change of stock is one transaction. */
export const stockChecks: readonly Check[] = [
  {
    ...anytime,
    sql: `SELECT variant_id || ' has ' || on_hand || ' on hand and ' || reserved || ' reserved' AS what FROM stock
      WHERE reserved < 0 OR reserved > on_hand`,
  },
  {
    ...anytime,
    sql: `SELECT s.variant_id || ' has ' || s.reserved || ' reserved, its reservations hold ' || coalesce(h.held, 0) || ' and ' || u.ready || ' lie ready'
        AS what
      FROM stock s LEFT JOIN (
        SELECT a.variant_id, a.warehouse_id, sum(a.quantity) AS held FROM reservation_allocation a
        JOIN reservation r ON r.id = a.reservation_id WHERE r.state = 'HELD' GROUP BY 1, 2) h USING (variant_id, warehouse_id)
      CROSS JOIN LATERAL (
        SELECT count(*) AS ready FROM stock_unit u WHERE u.variant_id = s.variant_id AND u.warehouse_id = s.warehouse_id) u
      WHERE s.reserved <> coalesce(h.held, 0) + u.ready`,
  },
  {
    ...anytime,
    sql: `SELECT s.variant_id || ' has ' || s.on_hand || ' on hand, its movements left ' || coalesce(sum(m.delta), 0) AS what
      FROM stock s LEFT JOIN stock_movement m USING (variant_id, warehouse_id)
      GROUP BY s.variant_id, s.warehouse_id HAVING s.on_hand <> coalesce(sum(m.delta), 0)`,
  },
  {
    ...anytime,
    sql: `SELECT 'reservation ' || id || ' (' || coalesce(r.state, 'unknown') || ') sold ' || coalesce(sold.units, 0) || ' of ' || coalesce(held.units, 0) || ' of ' ||
        variant_id AS what
      FROM (SELECT reservation_id AS id, variant_id, warehouse_id, sum(quantity) AS units FROM reservation_allocation GROUP BY 1, 2, 3) held
      FULL JOIN (
        SELECT reference AS id, variant_id, warehouse_id, 0 - sum(delta) AS units FROM stock_movement WHERE kind = 'SALE' GROUP BY 1, 2, 3) sold
        USING (id, variant_id, warehouse_id)
      LEFT JOIN reservation r USING (id)
      WHERE coalesce(sold.units, 0) <> CASE r.state WHEN 'CONFIRMED' THEN coalesce(held.units, 0) ELSE 0 END`,
  },
  {
    ...anytime,
    sql: `SELECT variant_id || ' came back ' || coalesce(m.units, 0) || ' times, its reservations say ' || coalesce(a.units, 0) AS what
      FROM (SELECT variant_id, warehouse_id, sum(delta) AS units FROM stock_movement WHERE kind = 'RETURN' GROUP BY 1, 2) m
      FULL JOIN (SELECT variant_id, warehouse_id, sum(restocked) AS units FROM reservation_allocation GROUP BY 1, 2) a
        USING (variant_id, warehouse_id)
      WHERE coalesce(m.units, 0) <> coalesce(a.units, 0)`,
  },
  {
    ...anytime,
    sql: `SELECT 'flash sale ' || f.id || ' has ' || f.taken || ' taken and ' || f.sold || ' sold, its checkouts have ' ||
        coalesce(c.taken, 0) || ' and ' || coalesce(c.sold, 0) AS what
      FROM flash_sale f LEFT JOIN (
        SELECT c.flash_sale_id AS id, sum(c.quantity) AS taken, sum(c.quantity) FILTER (WHERE r.state <> 'HELD') AS sold
        FROM flash_sale_claim c JOIN reservation r ON r.id = c.reservation_id WHERE NOT c.given_back GROUP BY 1) c USING (id)
      WHERE f.taken <> coalesce(c.taken, 0) OR f.sold <> coalesce(c.sold, 0) OR f.taken > f.units`,
  },
  {
    ...anytime,
    sql: `SELECT 'flash sale ' || f.id || ' gave one buyer ' || sum(c.quantity) || ' of ' || f.units_per_buyer AS what
      FROM flash_sale f JOIN flash_sale_claim c ON c.flash_sale_id = f.id
      WHERE c.buyer_id IS NOT NULL AND NOT c.given_back GROUP BY f.id, c.buyer_id HAVING sum(c.quantity) > f.units_per_buyer`,
  },
  {
    ...anytime,
    invariant: 'I3',
    sql: `SELECT 'flash sale ' || f.id || ' runs at ' || f.price || ', its variant costs ' || v.price AS what
      FROM flash_sale f JOIN variant v ON v.id = f.variant_id WHERE f.state = 'RUNNING' AND v.price <> f.price`,
  },
  {
    ...anytime,
    invariant: 'I6',
    sql: `SELECT 'events of ' || r.id || ' end at ' || max(e.seq) || ' of ' || r.version || ', ' || count(*) || ' of them' AS what
      FROM outbox_event e JOIN reservation r ON r.id = e.aggregate_id GROUP BY r.id
      HAVING max(e.seq) <> r.version OR count(*) <> max(e.seq) - min(e.seq) + 1`,
  },
]

/** I2 where nothing was sold before it was a market: what is imported comes with a number of its own. */
export const soldCounts = `SELECT 'product ' || p.id || ' says that ' || p.sold_count || ' are sold, its shelves ' || coalesce(0 - sum(m.delta), 0) AS what
  FROM product p LEFT JOIN variant v ON v.product_id = p.id
  LEFT JOIN stock_movement m ON m.variant_id = v.id AND m.kind IN ('SALE', 'RETURN')
  GROUP BY p.id HAVING p.sold_count <> coalesce(0 - sum(m.delta), 0)`
