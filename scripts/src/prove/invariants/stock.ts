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
    sql: `SELECT s.variant_id || ' has ' || s.reserved || ' reserved, its reservations hold ' || coalesce(h.held, 0) AS what
      FROM stock s LEFT JOIN (
        SELECT a.variant_id, a.warehouse_id, sum(a.quantity) AS held FROM reservation_allocation a
        JOIN reservation r ON r.id = a.reservation_id WHERE r.state = 'HELD' GROUP BY 1, 2) h USING (variant_id, warehouse_id)
      WHERE s.reserved <> coalesce(h.held, 0)`,
  },
  {
    ...anytime,
    sql: `SELECT s.variant_id || ' has ' || s.on_hand || ' on hand, its movements left ' || sum(m.delta) AS what
      FROM stock s JOIN stock_movement m USING (variant_id, warehouse_id)
      GROUP BY s.variant_id, s.warehouse_id HAVING s.on_hand <> sum(m.delta)`,
  },
  {
    ...anytime,
    sql: `SELECT 'reservation ' || r.id || ' (' || r.state || ') sold ' || coalesce(sold.units, 0) || ' of ' || held.units AS what
      FROM reservation r
      JOIN (SELECT reservation_id, sum(quantity) AS units FROM reservation_allocation GROUP BY 1) held ON held.reservation_id = r.id
      LEFT JOIN (SELECT reference, 0 - sum(delta) AS units FROM stock_movement WHERE kind = 'SALE' GROUP BY 1) sold ON sold.reference = r.id
      WHERE (r.state = 'CONFIRMED' AND coalesce(sold.units, 0) <> held.units) OR (r.state IN ('HELD', 'EXPIRED') AND sold.units IS NOT NULL)`,
  },
  {
    ...anytime,
    sql: `SELECT 'reservation ' || reference || ' moved ' || sum(delta) || ' units of ' || variant_id || ' in the end' AS what
      FROM stock_movement WHERE kind IN ('SALE', 'RETURN') AND reference IS NOT NULL
      GROUP BY reference, variant_id HAVING sum(delta) > 0`,
  },
]
