import { seamOver } from '@pasar/shared/postgres/direct'
import { openPostgres, type Postgres } from '@pasar/shared/postgres/pool'
import { takesLong } from '@pasar/shared/postgres/silence'
import { sendOver, type Statement } from '@pasar/shared/postgres/statement'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { openSilentWay } from '@pasar/shared/testing/silent-way'
import { openTogether } from '@pasar/shared/flow/together'
import { afterAll, beforeAll, expect, it } from 'vitest'

let database: FreshDatabase
let way: Awaited<ReturnType<typeof openSilentWay>>
let postgres: Postgres
beforeAll(async () => {
  database = await freshDatabase('orders')
  way = await openSilentWay(new URL(database.url))
  postgres = openPostgres({ url: way.url, connectionsMax: 1 })
})
afterAll(async () => {
  await postgres.stop()
  way.close()
  await database.drop()
})

it('gives a connection up that does not answer, so that those who come afterwards are answered on another one', async () => {
  const one: Statement = { name: 'one', text: 'SELECT 1 AS one' }
  const send = sendOver(postgres.pool, undefined, 2_000)
  const ask = openTogether<number, number>({
    most: 10,
    key: () => '',
    run: async (some) => {
      const [row] = await send<{ one: number }>(one)
      return some.map(() => row!.one)
    },
  })
  expect(await ask(0)).toBe(1)
  way.fallSilent()
  const [first, second] = [ask(1), ask(2)]
  await expect(first).rejects.toThrow('the database does not answer')
  expect(await second).toBe(1)
})

it('gives a connection up whose statement takes too long, unless that is one that rightly does', async () => {
  const other = openPostgres({ url: database.url, connectionsMax: 1 })
  const hurried = openPostgres({ url: database.url, connectionsMax: 2, answerMs: 200 })
  const sql = seamOver(hurried.pool)
  const holder = await other.pool.connect()
  await holder.query('SELECT pg_advisory_lock(1)')
  const longer = sql.$queryRawUnsafe(takesLong('SELECT 1 AS one FROM pg_advisory_xact_lock(1)'))
  await expect(sql.$queryRawUnsafe('SELECT pg_advisory_xact_lock(1)')).rejects.toThrow('Query read timeout')
  await holder.query('SELECT pg_advisory_unlock(1)')
  expect(await longer).toEqual([{ one: 1 }])
  holder.release()
  await hurried.stop()
  await other.stop()
})

it('leaves no connection of the server waiting for a lock that nobody waits for any more', async () => {
  const other = openPostgres({ url: database.url, connectionsMax: 1 })
  const hurried = openPostgres({ url: database.url, connectionsMax: 2, answerMs: 200 })
  const sql = seamOver(hurried.pool)
  const holder = await other.pool.connect()
  await holder.query('SELECT pg_advisory_lock(2)')
  const waits = `SELECT count(*)::integer AS waiting FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'`
  const waiting = async () => (await holder.query<{ waiting: number }>(waits)).rows[0]!.waiting
  const asked = [1, 2].map(() => sql.$queryRawUnsafe('SELECT pg_advisory_xact_lock(2)').catch(String))
  await expect.poll(waiting, { timeout: 5_000 }).toBe(2)
  expect(await Promise.all(asked)).toEqual([1, 2].map(() => 'Error: Query read timeout'))
  await expect.poll(waiting, { timeout: 5_000 }).toBe(0)
  holder.release()
  await hurried.stop()
  await other.stop()
})
