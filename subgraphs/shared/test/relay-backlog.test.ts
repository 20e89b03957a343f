import { fixedClock } from '@pasar/shared/clock'
import { limits } from '@pasar/shared/limits'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { openRelay } from '@pasar/shared/events/relay'
import { freshDatabase } from '@pasar/shared/testing/database'
import { rowsReadBy } from '@pasar/shared/testing/rows-read'
import { openSeam } from '@pasar/shared/testing/seam'
import pg from 'pg'
import { expect, it } from 'vitest'

const backlog = 20_000

/** A hundred events that were published, and behind them all that waits since the bus is away. */
const waiting = `INSERT INTO outbox_event (aggregate_id, seq, type, payload, keys, occurred_at, position, published_at)
  SELECT 'all', n, 'OrderPaid', '{}', '{}', now(), n, CASE WHEN n <= 100 THEN now() END FROM generate_series(1, ${backlog + 100}) AS n`

it('a relay finds what to hand over next without reading all that waits since its bus is away', async () => {
  const database = await freshDatabase('orders')
  const seam = openSeam(database.url)
  await seam.db.$executeRawUnsafe(waiting)
  await seam.db.$executeRawUnsafe('ANALYZE outbox_event')
  const asked: (readonly [string, readonly unknown[]])[] = []
  const noting: typeof seam.transaction = (work) =>
    seam.transaction((tx) =>
      work({
        ...tx,
        $queryRawUnsafe: (text, ...values) => {
          asked.push([text, values])
          return tx.$queryRawUnsafe(text, ...values)
        },
      }),
    )
  const away = { ...memoryBus(), publish: () => Promise.reject(new Error('the bus is away')) }
  const relay = openRelay({ domain: 'orders', db: seam.db, transaction: noting, bus: away, clock: fixedClock() })
  await expect(relay.run()).rejects.toThrow('the bus is away')
  const pool = new pg.Pool({ connectionString: database.url })
  const reads = await rowsReadBy(pool, async (db) => {
    for (const [text, values] of asked) await db.$queryRawUnsafe(text, ...values)
  })
  expect(asked).toHaveLength(1)
  expect(Math.max(...reads)).toBeLessThan(5 * limits.relayBatchMax)
  await pool.end()
  await seam.stop()
  await database.drop()
})
