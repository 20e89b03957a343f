import { expect, vi } from 'vitest'
import type { Market } from './market.ts'

const waiting = `SELECT count(*)::integer AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`

/** What a transaction of a test has locked. */
export type Lock = readonly [statement: string, ...values: readonly string[]]

/**
 * Begins one after another while the test has something locked, each when the one before waits for it; lets go when all of them wait, in
 * the order of which they then go on.
 */
export async function whileLocked<T>(
  { sql }: Pick<Market, 'sql'>,
  [statement, ...values]: Lock,
  begin: readonly (() => Promise<T>)[],
): Promise<T[]> {
  const holder = await sql.connect()
  const begun: Promise<T>[] = []
  try {
    await holder.query('BEGIN')
    await holder.query(statement, values)
    for (const one of begin) {
      begun.push(one())
      await vi.waitFor(async () => {
        const { rows } = await sql.query<{ waiting: number }>(waiting)
        expect(rows[0]!.waiting).toBe(begun.length)
      }, 10_000)
    }
  } finally {
    await holder.query('COMMIT')
    holder.release()
  }
  return Promise.all(begun)
}

/** Somebody has a payment. */
export const paymentLock = (paymentId: string): Lock => ['SELECT 1 FROM payment WHERE id = $1 FOR UPDATE', paymentId]
