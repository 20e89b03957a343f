import { fixedClock } from '@pasar/shared/clock'
import { domains } from '@pasar/shared/domains'
import { housekeeping } from '@pasar/shared/process/housekeeping'
import { freshDatabase } from '@pasar/shared/testing/database'
import { openSeam } from '@pasar/shared/testing/seam'
import pg from 'pg'
import { expect, inject, it } from 'vitest'

/** A month of messages, in the order in which they came. */
const month = (count: number) => [
  `INSERT INTO outbox_event (aggregate_id, seq, type, payload, occurred_at, position, published_at)
    SELECT 'all', n, 'OrderPaid', '{}', at, n, at FROM generate_series(1, ${count}) AS n,
      LATERAL (SELECT now() - (${count} - n) * interval '30 days' / ${count} AS at) AS time`,
  `INSERT INTO inbox_event SELECT 'orders', 'all:' || n, now() - (${count} - n) * interval '30 days' / ${count}
    FROM generate_series(1, ${count}) AS n`,
]

/** As the server does by itself in time. */
async function vacuum(url: string): Promise<void> {
  const superuser = new pg.Client({ connectionString: inject('postgresUrl').replace(/[^/]+$/, new URL(url).pathname.slice(1)) })
  await superuser.connect()
  await superuser.query('VACUUM ANALYZE outbox_event, inbox_event')
  await superuser.end()
}

it.each(domains)('what is over its time in %s is found without reading everything that is not', async (domain) => {
  const database = await freshDatabase(domain)
  const seam = openSeam(database.url)
  for (const statement of month(20_000)) await seam.db.$executeRawUnsafe(statement)
  await vacuum(database.url)
  const asked: (readonly [string, readonly unknown[]])[] = []
  const listening: typeof seam.db = Object.assign(Object.create(seam.db) as typeof seam.db, {
    $executeRawUnsafe: async (text: string, ...values: unknown[]) => asked.push([text, values]),
  })
  await housekeeping({ domain, db: listening, clock: fixedClock() }).run()
  const plans: string[] = []
  for (const [text, values] of asked) {
    const rows = await seam.db.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${text}`, ...values)
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
  }
  const indexes = [/expires_at_idx/, /position_key/, /received_at_idx/]
  expect(plans).toEqual(indexes.map((index) => expect.stringMatching(index)))
  expect(plans.filter((plan) => /Seq Scan|Filter: \(published_at </.test(plan))).toEqual([])
  await seam.stop()
  await database.drop()
})
