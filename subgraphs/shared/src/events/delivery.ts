import { setTimeout as pause } from 'node:timers/promises'
import type { PasarEvent } from '@pasar/schema/events'
import type { EventHandler } from './bus.ts'
import { limits } from '../limits.ts'
import { errorDetails, type Log } from '../log.ts'
import type { SqlSeam } from '../postgres/seam.ts'
import type { Worker } from '../process/worker.ts'

const park = `INSERT INTO parked_event (consumer, event_id, event, reason, parked_at) VALUES ($1, $2, $3::jsonb, $4, now()) ON CONFLICT DO NOTHING`

const parked = `SELECT 1 FROM parked_event WHERE consumer = $1 AND event_id = $2`

/** A database that does not answer now knows nothing: the event is tried as if it were new. */
const isParked = (db: SqlSeam, consumer: string, eventId: string): Promise<boolean> =>
  db.$queryRawUnsafe<unknown[]>(parked, consumer, eventId).then(
    (rows) => rows.length > 0,
    () => false,
  )

/** What delivering needs. */
export interface DeliveryOptions {
  readonly consumer: string
  readonly db: SqlSeam
  readonly log: Log
  readonly signal: AbortSignal
}

const resting = `UPDATE parked_event SET parked_at = now() WHERE (consumer, event_id) IN (
    SELECT consumer, event_id FROM parked_event WHERE consumer = $1 AND parked_at < now() - make_interval(secs => $2)
    ORDER BY parked_at LIMIT $3 FOR UPDATE SKIP LOCKED)
  RETURNING event`

const forget = `DELETE FROM parked_event WHERE consumer = $1 AND event_id = $2`

/** Due work: hands parked events over again, one attempt each after its rest, and forgets those that are handled. */
export const retryParked = ({ consumer, db, log }: DeliveryOptions, handle: EventHandler): Worker => ({
  name: `${consumer} parked events`,
  everyMs: limits.parkedRestMs,
  run: async () => {
    const rows = await db.$queryRawUnsafe<{ event: PasarEvent }[]>(
      resting,
      consumer,
      limits.parkedRestMs / 1000,
      limits.relayBatchMax,
    )
    let handled = 0
    for (const { event } of rows) {
      try {
        await handle(event)
        handled += await db.$executeRawUnsafe(forget, consumer, event.id)
      } catch (error) {
        log.error({ ...errorDetails(error), consumer, eventId: event.id, type: event.type }, 'parked event not handled')
      }
    }
    return handled
  },
})

/**
 * Hands an event over until it is handled, with growing pauses; after the last attempt it is parked in the consumer's own database, so
 * that one bad event does not hold up the market.
 */
export const withRetries =
  ({ consumer, db, log, signal }: DeliveryOptions, handle: EventHandler): EventHandler =>
  async (event: PasarEvent) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await handle(event)
      } catch (error) {
        if (signal.aborted) throw error
        log.warn({ ...errorDetails(error), consumer, eventId: event.id, type: event.type, attempt }, 'event not handled')
        // Its batch comes again where the relay ran out of time: it has had its attempts and may not hold up the others once more.
        if (attempt === 1 && (await isParked(db, consumer, event.id))) return
        if (attempt >= limits.deliveryAttemptsMax) {
          log.error({ consumer, eventId: event.id, type: event.type }, 'event parked; it is handed over again every minute')
          await db.$executeRawUnsafe(park, consumer, event.id, JSON.stringify(event), String(error).slice(0, 500))
          return
        }
        await pause(Math.min(5_000, 20 * 2 ** attempt) * (0.5 + Math.random() / 2), undefined, { signal })
      }
    }
  }
