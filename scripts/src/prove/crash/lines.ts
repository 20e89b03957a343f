import { rowsOf } from '../world/acts.ts'
import type { World } from '../world/world.ts'
import { whatWentBack, type Bought, type Fate } from './fates.ts'

/** What of an order's things a voucher takes off, by their variants, and what goes back of each and of the shipping, time by time. */
export interface Lines {
  readonly discounts: Readonly<Record<string, number>>
  readonly refunds: readonly Readonly<Record<string, number>>[]
}

const shippingKey = 'shipping'

/** What must be said of the things of an order that has ended so. Pure. */
export function linesOf(order: Bought, fate: Fate): Lines {
  const { parts, left } = whatWentBack(order, fate)
  const keys = [...order.lines.map(({ variantId }) => variantId), shippingKey]
  return {
    discounts: Object.fromEntries(left.lines.map(({ line, discount }) => [line.variantId, discount])),
    refunds: parts.map((amounts) => Object.fromEntries(amounts.map((amount, index) => [keys[index]!, amount]))),
  }
}

/** Parts of nothing are not written down; a refund has no place in time but its own. */
const texts = (refunds: Lines['refunds']): string => refunds.map(text).toSorted().join('; ') || 'nothing'
const text = (parts: Readonly<Record<string, number>>): string =>
  Object.entries(parts)
    .filter(([, amount]) => amount !== 0)
    .map(([key, amount]) => `${amount} of ${key}`)
    .toSorted()
    .join(', ')

/** Where an order says something else of its things than it must, in words. Pure. */
export const contradictionsOfLines = (there: Lines, must: Lines): string[] => [
  ...(text(there.discounts) === text(must.discounts)
    ? []
    : [`takes ${text(there.discounts) || 'nothing'} off, not ${text(must.discounts) || 'nothing'}`]),
  ...(texts(there.refunds) === texts(must.refunds) ? [] : [`gives ${texts(there.refunds)} back, not ${texts(must.refunds)}`]),
]

/** What orders says of the things of an order. */
export async function readLines(world: World, orderId: string): Promise<Lines> {
  const [row] = await rowsOf<Lines>(world, 'orders', {
    sql: `SELECT (SELECT json_object_agg(variant_id, discount) FROM order_line WHERE order_id = $1) AS discounts,
      coalesce((SELECT json_agg(parts) FROM (
        SELECT (SELECT json_object_agg(key, amount) FROM (
            SELECT l.variant_id AS key, f.amount FROM order_refund_line f JOIN order_line l ON l.id = f.order_line_id WHERE f.refund_id = r.id
            UNION ALL SELECT '${shippingKey}', r.shipping_amount) AS part) AS parts
        FROM order_refund r WHERE r.order_id = $1) AS refunds), '[]') AS refunds`,
    values: [orderId],
  })
  return row!
}
