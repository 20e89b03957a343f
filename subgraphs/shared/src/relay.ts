import type { Bus } from './bus.ts'
import type { Clock } from './clock.ts'
import type { Domain } from './domains.ts'
import { limits } from './limits.ts'
import { eventOfRow, type EventRow } from './outbox.ts'
import type { Point } from './points.ts'
import type { SqlSeam } from './seam.ts'
import type { Transaction } from './transaction.ts'

/** What a relay needs. */
export interface RelayOptions {
  readonly domain: Domain
  readonly db: SqlSeam
  readonly transaction: Transaction<SqlSeam>
  readonly bus: Bus
  readonly clock: Clock
  /** Called before and after each type of event is handed over; the rows are marked as published afterwards. */
  readonly point?: Point | undefined
}

/** Only one relay of a domain works at a time, over all replicas; the lock goes with the transaction. */
const lock = `SELECT pg_try_advisory_xact_lock(hashtext('pasar relay')) AS locked`

/** Positions are given here and not at the insert, so that they follow commit order. */
const place = `WITH placed AS (
    SELECT id, (SELECT coalesce(max(position), 0) FROM outbox_event) + row_number() OVER (ORDER BY id) AS next
    FROM outbox_event WHERE position IS NULL)
  UPDATE outbox_event SET position = placed.next FROM placed WHERE outbox_event.id = placed.id`

const pending = `SELECT id, aggregate_id, seq, type, payload, keys, occurred_at, position FROM outbox_event
  WHERE published_at IS NULL AND position IS NOT NULL ORDER BY position LIMIT $1`

const markPublished = `UPDATE outbox_event SET published_at = $2 WHERE id = ANY($1::bigint[])`

/** What a relay asks while nothing happens, several times a second: two partial indexes answer it. */
const anything = `SELECT EXISTS (SELECT 1 FROM outbox_event WHERE position IS NULL)
  OR EXISTS (SELECT 1 FROM outbox_event WHERE published_at IS NULL) AS waiting`

const newestPublished = `SELECT max(position) AS position FROM outbox_event WHERE published_at IS NOT NULL`

const unpublishAfter = `UPDATE outbox_event SET published_at = NULL WHERE position > $1 AND published_at IS NOT NULL AND occurred_at > $2`

/** While nothing happens the bus is asked at this distance whether it has lost anything. */
const checkEveryRuns = Math.ceil(limits.busCheckMs / limits.relayPollMs)

/** Publishes what commands have put into the outbox: places new events, announces them to live streams, hands them to the bus. */
export function openRelay({ domain, db, transaction, bus, clock, point }: RelayOptions) {
  let runs = 0
  const underLock = (work: (tx: SqlSeam) => Promise<number>) =>
    transaction(async (tx) => ((await tx.$queryRawUnsafe<{ locked: boolean }[]>(lock))[0]!.locked ? work(tx) : 0))
  /** What the bus has lost (Redis emptied, or restored from an older copy) is published again; inboxes make it harmless. */
  const takeBackLost = async (tx: SqlSeam) => {
    const [row] = await tx.$queryRawUnsafe<{ position: bigint | null }[]>(newestPublished)
    const published = Number(row?.position ?? 0)
    const held = await bus.heldUpTo(domain, published)
    if (held >= published) return 0
    const since = new Date(clock.now().getTime() - limits.eventsKeptDays * 86_400_000)
    return tx.$executeRawUnsafe(unpublishAfter, held, since)
  }
  const publishPending = async (tx: SqlSeam) => {
    // Before anything new: a newer event in the stream would hide the gap.
    await takeBackLost(tx)
    const rows = await tx.$queryRawUnsafe<EventRow[]>(pending, limits.relayBatchMax)
    if (rows.length === 0) return 0
    await bus.announce(domain, [...new Set(rows.flatMap((row) => row.keys))])
    const events = rows.map((row) => eventOfRow(domain, row))
    const reach = async (boundary: 'publishing' | 'published') => {
      for (const type of point ? new Set(events.map((event) => event.type)) : []) await point!(`${type}.${boundary}`, domain)
    }
    await reach('publishing')
    await bus.publish(domain, events)
    await reach('published')
    const ids = rows.map((row) => row.id)
    await tx.$executeRawUnsafe(markPublished, ids, clock.now())
    return rows.length
  }
  return {
    /** Publishes everything that waits, and again what the bus has lost; says how many events. */
    async run(): Promise<number> {
      const waiting = (await db.$queryRawUnsafe<{ waiting: boolean }[]>(anything))[0]!.waiting
      const isCheck = runs % checkEveryRuns === 0
      runs += 1
      if (!waiting && !isCheck) return 0
      if (waiting) await underLock((tx) => tx.$executeRawUnsafe(place))
      let published = 0
      for (let batch: number = limits.relayBatchMax; batch === limits.relayBatchMax; published += batch)
        batch = await underLock(publishPending)
      return published
    },
  }
}
