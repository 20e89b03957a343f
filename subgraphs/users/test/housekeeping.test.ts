import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { removeExpired } from '../src/store/housekeeping.ts'
import { startUsers, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
let client: Client
beforeAll(async () => {
  market = await startUsers()
  client = new Client({ connectionString: market.databaseUrl })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await market.stop()
})

/** Sessions that ended so many days ago, each with a token that was used and the one that came after it. */
async function sessionsThatEnded(count: number, daysAgo: number): Promise<void> {
  const { id } = await market.register()
  const ended = new Date(market.clock.now().getTime() - daysAgo * 86_400_000)
  const name = `'ses_${daysAgo}_' || n`
  const sessions = `INSERT INTO session (id, account_id, created_at, expires_at)
    SELECT ${name}, $1, $2::timestamptz, $2::timestamptz FROM generate_series(1, ${count}) AS n`
  const tokens = `INSERT INTO refresh_token (hash, session_id, created_at, expires_at, used_at, salt)
    SELECT ${name} || used, ${name}, $1::timestamptz, $1::timestamptz, CASE WHEN used THEN $1::timestamptz END, CASE WHEN used THEN 'salt' END
    FROM generate_series(1, ${count}) AS n, unnest(ARRAY[true, false]) AS used`
  await client.query(sessions, [id, ended])
  await client.query(tokens, [ended])
}

it('sessions are forgotten a week after their last token ended, with their tokens, however many they are', async () => {
  await sessionsThatEnded(1_200, 8)
  await sessionsThatEnded(3, 6)
  await market.settle()
  const left = `SELECT count(DISTINCT s.id)::integer AS sessions, count(t.hash)::integer AS tokens
    FROM session s LEFT JOIN refresh_token t ON t.session_id = s.id WHERE s.id LIKE 'ses\\_%\\_%'`
  expect((await client.query(left)).rows).toEqual([{ sessions: 3, tokens: 6 }])
})

it('forgetting sessions reads no table from its beginning to its end, and removes few rows with each statement', async () => {
  await sessionsThatEnded(2_000, 9)
  await sessionsThatEnded(10_000, 1)
  const removed: number[] = []
  const db: SqlSeam = {
    $queryRawUnsafe: async <T>(text: string, ...values: unknown[]) => (await client.query(text, values)).rows as T,
    $executeRawUnsafe: async (text, ...values) => {
      removed.push((await client.query(text, values)).rowCount ?? 0)
      return removed.at(-1)!
    },
  }
  await client.query('BEGIN')
  await removeExpired(db, market.clock.now())
  const scanned = `SELECT relname FROM pg_stat_xact_user_tables WHERE relname IN ('session', 'refresh_token') AND seq_scan > 0`
  expect((await client.query(scanned)).rows).toEqual([])
  await client.query('ROLLBACK')
  expect(removed.reduce((all, count) => all + count, 0)).toBe(6_000)
  expect(Math.max(...removed)).toBe(500)
})
