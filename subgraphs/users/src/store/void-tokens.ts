import type { EventType } from '@pasar/schema/events'
import type { Tx } from './database.ts'

/** An event of users, without what it says. */
export interface LoggedEvent {
  readonly id: bigint
  readonly type: EventType
  readonly aggregateId: string
  readonly seq: bigint
  readonly occurredAt: Date
}

/** Events that are read at once. */
export const eventsAtOnce = 1_000

/** By the order in which they were written, which is almost that of their times; one that is not published yet is among them. */
const newest = `SELECT id, type, aggregate_id AS "aggregateId", seq, occurred_at AS "occurredAt"
  FROM outbox_event WHERE id < $1 ORDER BY id DESC LIMIT ${eventsAtOnce}`

/** The newest events before one, newest first. */
export const findEventsBefore = (db: Tx, id: bigint): Promise<LoggedEvent[]> => db.$queryRawUnsafe<LoggedEvent[]>(newest, id)
