import { domains, type Domain } from '@pasar/shared/domains'
import type { Broken, Invariant } from './broken.ts'

/** A question to one database whose every row (one column, `entry`) is something that it knows. */
interface Source {
  readonly domain: Domain
  readonly sql: string
}

/** What one domain knows and another one must have heard, each as often as it happened, and nothing else. */
export interface Copy {
  readonly invariant: Invariant
  readonly what: string
  readonly from: Source
  readonly to: Source
  /** What happened is forgotten after a while, the oldest first, and what was heard is not; entries begin with their time then. */
  readonly isForgotten?: boolean
}

const timeOf = (entry: string): string => entry.slice(0, 'YYYY-MM-DD HH:MM:SS.MMM'.length)
const at = `to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS')`
const acts = `concat_ws(' ', ${at}, payload->>'actorId', payload->>'action', payload->>'subjectId')`

/**
 * Users hears of what staff do elsewhere by events, and of what they do with accounts by itself, which it writes down as its own. Events are
 * kept for a month, the audit log for ever: an act has its time, so that those of which the event is forgotten by now are not taken for others
 * of the same kind.
 */
const audited: readonly Copy[] = domains
  .filter((domain) => domain !== 'users')
  .map((domain) => ({
    invariant: 'I4',
    what: 'an act of staff',
    from: { domain, sql: `SELECT ${acts} AS entry FROM outbox_event WHERE type = 'StaffActed'` },
    to: {
      domain: 'users',
      sql: `SELECT concat_ws(' ', ${at}, actor_id, action, subject_id) AS entry FROM audit_entry WHERE domain = '${domain}'`,
    },
    isForgotten: true,
  }))

/** What a buyer is told of, and as what. */
const buyerIsTold = {
  OrderPaid: 'ORDER_PAID',
  OrderAccepted: 'ORDER_ACCEPTED',
  OrderShipped: 'ORDER_SHIPPED',
  OrderDelivered: 'ORDER_DELIVERED',
  OrderCancelled: 'ORDER_CANCELLED',
}
const list = (texts: readonly string[]) => texts.map((text) => `'${text}'`).join(', ')
const kinds = Object.entries(buyerIsTold).map(([type, kind]) => `WHEN '${type}' THEN '${kind}'`)

/** Of buyers with an account; as long as events are kept. */
const told: Copy = {
  invariant: 'I4',
  what: 'what a buyer is told',
  from: {
    domain: 'orders',
    sql: `SELECT concat_ws(' ', ${at}, CASE type ${kinds.join(' ')} END, payload->>'buyerId', payload->>'orderId') AS entry
      FROM outbox_event WHERE type IN (${list(Object.keys(buyerIsTold))})`,
  },
  to: {
    domain: 'users',
    sql: `SELECT concat_ws(' ', ${at}, kind, account_id, subject_id) AS entry FROM notification
      WHERE kind IN (${list(Object.values(buyerIsTold))})`,
  },
  isForgotten: true,
}

/** What the domains tell each other by events alone: nothing of a purchase waits for it, so that nobody would miss it. */
export const copies: readonly Copy[] = [
  {
    invariant: 'I3',
    what: 'a refund',
    from: {
      domain: 'orders',
      sql: `SELECT id || ' of ' || (items_amount + shipping_amount) || CASE WHEN completed_at IS NULL THEN '' ELSE ', done' END AS entry
        FROM order_refund`,
    },
    to: {
      domain: 'payments',
      sql: `SELECT id || ' of ' || amount || CASE WHEN state = 'COMPLETED' THEN ', done' ELSE '' END AS entry FROM refund`,
    },
  },
  {
    invariant: 'I3',
    what: 'a purchase that may be reviewed',
    from: {
      domain: 'orders',
      sql: `SELECT l.id AS entry FROM order_line l JOIN shop_order o ON o.id = l.order_id
        WHERE o.state = 'COMPLETED'
          AND l.quantity > (SELECT coalesce(sum(quantity), 0) FROM order_refund_line WHERE order_line_id = l.id)`,
    },
    to: { domain: 'products', sql: 'SELECT order_line_id AS entry FROM purchase' },
  },
  {
    invariant: 'I3',
    what: 'a thing on sale',
    from: {
      domain: 'products',
      // A bundle has no shelf of its own: there are as many as its scarcest part makes.
      sql: `WITH shelf AS (
          SELECT v.id, (SELECT coalesce(sum(on_hand - reserved), 0) FROM stock WHERE variant_id = v.id)
            + (SELECT count(*) FROM stock_unit WHERE variant_id = v.id) AS units, p.status, v.price,
            v.active AND p.status = 'PUBLISHED' AND NOT p.shop_suspended AS sells
          FROM variant v JOIN product p ON p.id = v.product_id)
        SELECT s.id || ' for ' || s.price || ', ' || coalesce(
            (SELECT min(CASE part.status WHEN 'TAKEN_DOWN' THEN 0 ELSE part.units / b.quantity END)
              FROM bundle_component b JOIN shelf part ON part.id = b.component_id WHERE b.bundle_id = s.id), s.units) || ' there' AS entry
        FROM shelf s WHERE s.sells`,
    },
    to: {
      domain: 'carts',
      sql: `SELECT variant_id || ' for ' || price || ', ' || available || ' there' AS entry FROM listing WHERE active`,
    },
  },
  {
    invariant: 'I3',
    what: 'a claim on a courier',
    from: { domain: 'logistics', sql: `SELECT shipment_id || ' of ' || amount AS entry FROM courier_claim` },
    to: {
      domain: 'payments',
      sql: `SELECT split_part(source, ':', 1) || ' of ' || amount AS entry FROM courier_due WHERE kind = 'LOST_PARCEL'`,
    },
  },
  told,
  ...audited,
]

const countOf = (entries: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const entry of entries) counts.set(entry, (counts.get(entry) ?? 0) + 1)
  return counts
}

/** What there is to know of something, and what the other domain knows of it. */
export interface Told {
  readonly known: readonly string[]
  readonly heard: readonly string[]
}

/** What a domain has not heard, more often than it happened, or though it never happened. Pure. */
export function contradictionsOfCopy({ invariant, what, from, to, isForgotten = false }: Copy, { known, heard }: Told): Broken[] {
  const happened = countOf(known)
  const there = countOf(heard)
  const oldest = known.map(timeOf).toSorted()[0]
  /** Whether it would be known if it had happened. */
  const isKept = (entry: string) => !isForgotten || (oldest !== undefined && timeOf(entry) > oldest)
  const never = [...there.keys()].filter((entry) => !happened.has(entry) && isKept(entry))
  return [...happened.keys(), ...never].flatMap((entry) => {
    const [times, found] = [happened.get(entry) ?? 0, there.get(entry) ?? 0]
    return found === times ? [] : [{ invariant, what: `${what}, ${entry}: ${times} in ${from.domain}, ${found} in ${to.domain}` }]
  })
}
