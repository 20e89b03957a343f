import { setTimeout as pause } from 'node:timers/promises'
import { domains } from '@pasar/shared/domains'
import { openPostgres } from '@pasar/shared/postgres'
import type { MarketDatabases } from './postgres/market-databases.ts'

const lookEveryMs = 50
const waitMsMax = 20_000
const waiting = 'SELECT 1 FROM outbox_event WHERE published_at IS NULL LIMIT 1'

/** Resolves when the events of all domains have been handed over: until then the carts of a new market do not know its shelves. */
export async function eventsHandedOver({ urlFor }: Pick<MarketDatabases, 'urlFor'>): Promise<void> {
  const since = performance.now()
  await Promise.all(
    domains.map(async (domain) => {
      const { pool, stop } = openPostgres({ url: urlFor(domain), connectionsMax: 1 })
      try {
        while ((await pool.query(waiting)).rows.length > 0 && performance.now() - since < waitMsMax) await pause(lookEveryMs)
      } finally {
        await stop()
      }
    }),
  )
}
