import type pg from 'pg'
import type { Db } from '../src/store/database.ts'

interface Step {
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Step[]
}

/** How many rows of tables and indexes a plan has read, whether they were of any use or not. */
function readBy(step: Step): number {
  const { 'Actual Rows': rows, 'Actual Loops': loops, 'Rows Removed by Filter': useless = 0, Plans: steps = [] } = step
  const own = step['Relation Name'] || step['Index Name'] ? (rows + useless) * loops : 0
  return steps.reduce((total, inner) => total + readBy(inner), own)
}

/** What a read finds and how many rows it reads for that; planned for any values, as what is asked often is. */
export async function readOf<T>(pool: pg.Pool, run: (db: Db) => Promise<T>): Promise<{ found: T; read: number }> {
  const client = await pool.connect()
  const literal = (value: unknown): string => {
    if (value === null) return 'NULL'
    if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(', ')}]`
    if (value instanceof Date) return client.escapeLiteral(value.toISOString())
    return typeof value === 'string' ? client.escapeLiteral(value) : JSON.stringify(value)
  }
  let read = 0
  const explained = async (text: string, ...values: readonly unknown[]) => {
    await client.query(`PREPARE asked AS ${text}`)
    const execute = `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked (${values.map(literal).join(', ')})`
    read = readBy((await client.query<{ 'QUERY PLAN': [{ Plan: Step }] }>(execute)).rows[0]!['QUERY PLAN'][0].Plan)
    return (await client.query<object>(text, [...values])).rows
  }
  await client.query('BEGIN; SET LOCAL plan_cache_mode = force_generic_plan')
  try {
    return { found: await run({ $queryRawUnsafe: explained } as unknown as Db), read }
  } finally {
    await client.query('ROLLBACK; DEALLOCATE ALL')
    client.release()
  }
}
