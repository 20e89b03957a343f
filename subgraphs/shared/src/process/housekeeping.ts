import type { Clock } from '../clock.ts'
import type { Domain } from '../domains.ts'
import { limits } from '../limits.ts'
import type { SqlSeam } from '../postgres/seam.ts'
import { takesLong } from '../postgres/silence.ts'
import type { Worker } from './worker.ts'

/** What housekeeping needs. */
export interface HousekeepingOptions {
  readonly domain: Domain
  readonly db: SqlSeam
  readonly clock: Clock
}

const forgetKeys = takesLong(`DELETE FROM idempotency_record WHERE expires_at < $1`)

/** Events are published in the order of their positions: the first that is not over its time ends the search. The newest always stays: positions go on from it. */
const forgetEvents = takesLong(`DELETE FROM outbox_event WHERE position < coalesce(
  (SELECT position FROM outbox_event WHERE position IS NOT NULL AND (published_at IS NULL OR published_at >= $1) ORDER BY position LIMIT 1),
  (SELECT max(position) FROM outbox_event))`)

/** An event leaves the inboxes long after it has left every outbox, so that it cannot come again. */
const forgetReceived = takesLong(`DELETE FROM inbox_event WHERE received_at < $1`)

/** Removes what is kept only for a while: outcomes of idempotency keys, published events, the inbox's memory of them. */
export function housekeeping({ domain, db, clock }: HousekeepingOptions): Worker {
  let dueAt = 0
  const run = async () => {
    const now = clock.now()
    if (now.getTime() < dueAt) return 0
    dueAt = now.getTime() + limits.housekeepingMs
    const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
    await db.$executeRawUnsafe(forgetKeys, now)
    await db.$executeRawUnsafe(forgetEvents, daysAgo(limits.eventsKeptDays))
    await db.$executeRawUnsafe(forgetReceived, daysAgo(2 * limits.eventsKeptDays))
    return 0
  }
  return { name: `${domain} housekeeping`, everyMs: limits.housekeepingMs, run }
}
