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

/** Holds a lock of the database; two things begin one after the other, each when what came before it waits; then the lock is given up. */
export async function whileLocked(
  market: UsersMarket,
  lock: string,
  [first, second]: readonly [() => Promise<unknown>, () => Promise<unknown>],
): Promise<void> {
  const pool = new Pool({ connectionString: market.databaseUrl, max: 2 })
  const holder = await pool.connect()
  const untilWaiting = (wanted: number) =>
    vi.waitFor(async () => {
      const { rows } = await pool.query<{ waiting: number }>(waiting)
      expect(rows[0]!.waiting).toBeGreaterThanOrEqual(wanted)
    }, 10_000)
  try {
    await holder.query('BEGIN')
    await holder.query(lock)
    const one = first()
    await untilWaiting(1)
    const other = second()
    await untilWaiting(2)
    await holder.query('COMMIT')
    await Promise.all([one, other])
  } finally {
    holder.release(true)
    await pool.end()
  }
}
