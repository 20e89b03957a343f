import { domains, type Domain } from '@pasar/shared/domains'
import type { Check } from './broken.ts'

const checksOf = (domain: Domain): Check[] => [
  {
    domain,
    when: 'anytime',
    invariant: 'I6',
    sql: `SELECT 'events of ' || e.aggregate_id || ' end at ' || max(e.seq) || ' of ' || s.seq || ', ' || count(*) || ' of them' AS what
      FROM outbox_event e JOIN aggregate_sequence s USING (aggregate_id) GROUP BY e.aggregate_id, s.seq
      HAVING max(e.seq) <> s.seq OR count(*) <> max(e.seq) - min(e.seq) + 1`,
  },
  {
    domain,
    when: 'anytime',
    invariant: 'I6',
    sql: `SELECT 'event ' || id || ' is published without a place' AS what FROM outbox_event WHERE published_at IS NOT NULL AND position IS NULL`,
  },
  {
    domain,
    when: 'anytime',
    invariant: 'I4',
    sql: `SELECT scope || ' ' || key || ' was begun and has no outcome' AS what FROM idempotency_record WHERE outcome IS NULL`,
  },
  {
    domain,
    when: 'settled',
    invariant: 'I5',
    sql: `SELECT count(*) || ' events are not published' AS what FROM outbox_event WHERE published_at IS NULL HAVING count(*) > 0`,
  },
  {
    domain,
    when: 'settled',
    invariant: 'I5',
    sql: `SELECT consumer || ' parked ' || event_id || ': ' || reason AS what FROM parked_event`,
  },
]

/** I4, I5 and I6 of the messages of every domain. */
export const messageChecks: readonly Check[] = domains.flatMap(checksOf)
