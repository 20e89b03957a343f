import { setTimeout as pause } from 'node:timers/promises'
import { openPostgres } from '@pasar/shared/postgres/pool'

/** What the snapshots of a ledger came to. */
export interface Snapshots {
  readonly taken: number
  /** Those that read every posting. */
  readonly whole: number
  readonly unbalanced: number
  readonly negative: number
}

const balances = `SELECT coalesce(sum(balance), 0)::text AS sum, count(*) FILTER (WHERE balance > 0)::int AS negative
  FROM account WHERE NOT may_be_negative`
const postings = `SELECT (SELECT coalesce(sum(amount), 0) FROM posting)::text AS sum,
  (SELECT count(*) FROM (SELECT FROM posting GROUP BY journal_id HAVING sum(amount) <> 0 OR count(*) < 2) AS journal)::int
  + (SELECT count(*) FROM account WHERE NOT may_be_negative AND balance <> (SELECT sum(amount) FROM posting WHERE account_id = account.id))::int AS wrong`

/** Between two looks; and whoever reads every posting of a ledger that grows takes at most this part of the time for it. */
const restMs = 8
const wholeShare = 15

/** Looks at the ledger again and again while it is written to, until it is told to stop. */
export function takeSnapshots(url: string, funded: number, wholeEveryMs: number) {
  const { pool, stop } = openPostgres({ url, connectionsMax: 1 })
  const seen = { taken: 0, whole: 0, unbalanced: 0, negative: 0 }
  let isOver = false
  let wholeAt = 0
  const quick = async () => {
    const { sum, negative } = (await pool.query<{ sum: string; negative: number }>(balances)).rows[0]!
    seen.taken += 1
    if (Number(sum) !== -funded) seen.unbalanced += 1
    seen.negative += negative
  }
  const whole = async () => {
    const { sum, wrong } = (await pool.query<{ sum: string; wrong: number }>(postings)).rows[0]!
    seen.taken += 1
    seen.whole += 1
    if (sum !== '0' || wrong > 0) seen.unbalanced += 1
  }
  const run = async () => {
    while (!isOver) {
      try {
        if (performance.now() < wholeAt) await quick()
        else {
          const began = performance.now()
          await whole()
          const tookMs = performance.now() - began
          wholeAt = began + Math.max(wholeEveryMs, wholeShare * tookMs)
        }
        await pause(restMs)
      } catch {
        // The server is down, or was at this moment: a look that did not come about is none.
        await pause(50)
      }
    }
  }
  const running = run()
  return async (): Promise<Snapshots> => {
    isOver = true
    await running
    for (let last = false; !last;) {
      last = await whole().then(
        () => true,
        () => false,
      )
    }
    await stop()
    return seen
  }
}
