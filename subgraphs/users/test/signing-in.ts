import { Pool } from 'pg'
import { vi, expect } from 'vitest'
import type { Tokens, UsersMarket } from './users-for-test.ts'

const waiting = `SELECT count(*)::integer AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`

/**
 * Somebody signs in and has come as far as the refresh token when something else begins; goes on when that is done, or waits as well. Gives
 * the refresh token.
 */
export async function signInDuring(market: UsersMarket, email: string, begin: () => Promise<unknown>): Promise<string> {
  const pool = new Pool({ connectionString: market.databaseUrl, max: 2 })
  const holder = await pool.connect()
  const untilWaiting = (atLeast: number, isDone: () => boolean) =>
    vi.waitFor(async () => {
      const { rows } = await pool.query<{ waiting: number }>(waiting)
      expect(isDone() ? atLeast : rows[0]!.waiting).toBeGreaterThanOrEqual(atLeast)
    }, 10_000)
  try {
    await holder.query('BEGIN; LOCK TABLE refresh_token IN EXCLUSIVE MODE')
    const signingIn: Promise<{ tokens: Tokens }> = market.signIn(email)
    await untilWaiting(1, () => false)
    let isDone = false
    const other = begin().finally(() => (isDone = true))
    await untilWaiting(2, () => isDone)
    await holder.query('COMMIT')
    await other
    return (await signingIn).tokens.refreshToken
  } finally {
    holder.release(true)
    await pool.end()
  }
}
