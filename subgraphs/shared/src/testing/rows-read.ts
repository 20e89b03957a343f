import type pg from 'pg'
import { asSent } from '../postgres/planned-query.ts'
import type { SqlSeam } from '../postgres/seam.ts'

interface PlanNode {
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Relation Name'?: string
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly Plans?: readonly PlanNode[]
}

interface Explained {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }]
}

const rowsRead = (node: PlanNode): number => {
  const read = node['Relation Name'] ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'] : 0
  return (node.Plans ?? []).reduce((total, inner) => total + rowsRead(inner), read)
}

/** Measures the plan of each statement that is asked: one for its values, and one for any values. Nothing stays of what it writes. */
async function measure(
  pool: pg.Pool,
  ask: (db: SqlSeam) => Promise<unknown>,
  of: (plan: PlanNode) => number,
): Promise<readonly number[]> {
  const client = await pool.connect()
  const found: number[] = []
  const explain = async (text: string, values: readonly unknown[]) => {
    const literals = (asSent(values) as readonly string[]).map((value) => client.escapeLiteral(value))
    await client.query(`PREPARE asked AS ${text}`)
    for (const mode of ['force_custom_plan', 'force_generic_plan']) {
      await client.query(`SET LOCAL plan_cache_mode = ${mode}`)
      const run = () => client.query<Explained>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE asked (${literals.join(', ')})`)
      // Whoever runs it first reads what PostgreSQL knows of the tables, too.
      await client.query('SAVEPOINT before')
      await run()
      await client.query('ROLLBACK TO before')
      const { rows } = await run()
      found.push(of(rows[0]!['QUERY PLAN'][0].Plan))
    }
    await client.query('DEALLOCATE asked')
  }
  await client.query('BEGIN')
  try {
    await ask({
      $queryRawUnsafe: async <T>(text: string, ...values: unknown[]) => {
        await explain(text, values)
        return [] as T
      },
      $executeRawUnsafe: async (text: string, ...values: unknown[]) => {
        await explain(text, values)
        return 0
      },
    })
  } finally {
    await client.query('ROLLBACK; DEALLOCATE ALL')
    client.release()
  }
  return found
}

/** How many rows of tables and indexes PostgreSQL reads for what is asked. */
export const rowsReadBy = (pool: pg.Pool, ask: (db: SqlSeam) => Promise<unknown>): Promise<readonly number[]> =>
  measure(pool, ask, rowsRead)

/** How many pages it reads for that: also those of an index that is read through for a few of its rows. */
export const pagesReadBy = (pool: pg.Pool, ask: (db: SqlSeam) => Promise<unknown>): Promise<readonly number[]> =>
  measure(pool, ask, (plan) => plan['Shared Hit Blocks'] + plan['Shared Read Blocks'])
