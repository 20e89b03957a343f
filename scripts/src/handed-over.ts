import { setTimeout as pause } from 'node:timers/promises'
import { domains } from '@pasar/shared/domains'
import { openPostgres } from '@pasar/shared/postgres/pool'
import type { MarketDatabases } from './postgres/market-databases.ts'

const lookEveryMs = 50
const waitMsMax = 20_000
const waiting = 'SELECT 1 FROM outbox_event WHERE published_at IS NULL LIMIT 1'

/**
 * Resolves when the events of all domains have been handed over: until then the carts of a new market do not know its shelves. Rejects when
 * nobody waits for that any more.
 */
export async function eventsHandedOver({ urlFor }: Pick<MarketDatabases, 'urlFor'>, stopping?: AbortSignal): Promise<void> {
  const since = performance.now()
  const isWorthIt = () => !stopping?.aborted && performance.now() - since < waitMsMax
  await Promise.all(
    domains.map(async (domain) => {
      const { pool, stop } = openPostgres({ url: urlFor(domain), connectionsMax: 1 })
      try {
        while ((await pool.query(waiting)).rows.length > 0 && isWorthIt()) await pause(lookEveryMs)
      } finally {
        await stop()
      }
    }),
  )
  stopping?.throwIfAborted()
}
