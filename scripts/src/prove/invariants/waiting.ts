import type { Domain } from '@pasar/shared/domains'

/** Rows of one database that wait for a time: `what` and `at`. */
interface Waiting {
  readonly domain: Domain
  /** $1 is the time of now: deadlines wait for people until they have passed. */
  readonly sql: string
}

/** A saga goes on beside whatever is waited for, so that its events may come after everybody was last asked. */
const untold = `SELECT 'event ' || type || ' of ' || aggregate_id AS what, occurred_at AS at FROM outbox_event WHERE published_at IS NULL`

/** What waits for a time: leases, back-offs, errands, events to be handed over, and deadlines that have passed and were not carried out. */
const waiting: readonly Waiting[] = [
  {
    domain: 'orders',
    sql: `SELECT 'the saga of ' || checkout_id AS what, greatest(next_try_at, lease_until + interval '1 ms') AS at FROM saga
        WHERE next_try_at IS NOT NULL
      UNION ALL SELECT 'deadline ' || kind || ' of order ' || order_id, due_at FROM deadline WHERE done_at IS NULL AND due_at <= $1::timestamptz
      UNION ALL ${untold}`,
  },
  {
    domain: 'payments',
    sql: `SELECT 'refund ' || id || ' (attempt ' || attempts || ')' AS what, next_try_at AS at FROM refund WHERE state = 'REQUESTED'
      UNION ALL SELECT 'withdrawal ' || id || ' (' || state || ')', next_try_at FROM withdrawal WHERE state = 'REQUESTED'
      UNION ALL SELECT 'the question after payment ' || id, check_at FROM payment WHERE check_at IS NOT NULL
      UNION ALL ${untold}`,
  },
  {
    domain: 'logistics',
    sql: `SELECT 'parcel ' || id || ' (' || status || ', attempt ' || attempts || ')' AS what, next_try_at AS at FROM shipment
      WHERE tracking_number IS NULL AND status <> 'CANCELLED' OR cancel_requested_at IS NOT NULL AND cancel_answered_at IS NULL
      UNION ALL ${untold}`,
  },
]

/** What waits for hours, not for a moment: nobody steps to it, and it must be done when its time has come. */
const waitingForHours: readonly Waiting[] = [
  {
    domain: 'products',
    sql: `SELECT 'flash sale ' || id || ' (' || state || ')' AS what, turns_at AS at FROM flash_sale WHERE turns_at IS NOT NULL
      UNION ALL SELECT 'the end of reservation ' || id, expires_at FROM reservation WHERE state = 'HELD'`,
  },
]

/** When the first of them is due, by domain. */
export const firstDue: readonly Waiting[] = waiting.map(({ domain, sql }) => ({
  domain,
  sql: `SELECT min(at) AS at FROM (${sql}) AS waiting WHERE $1::timestamptz IS NOT NULL`,
}))

/** Those that are due now, in words. */
export const allDue: readonly Waiting[] = [...waiting, ...waitingForHours].map(({ domain, sql }) => ({
  domain,
  sql: `SELECT what || ' has been due since ' || at AS what FROM (${sql}) AS waiting WHERE at <= $1::timestamptz`,
}))
