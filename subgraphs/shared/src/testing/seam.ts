import pg from 'pg'
import type { SqlSeam } from '../postgres/seam.ts'
import type { Transaction } from '../postgres/transaction.ts'

const seamOf = (client: Pick<pg.PoolClient, 'query'>): SqlSeam => ({
  $queryRawUnsafe: async <T>(text: string, ...values: unknown[]) => (await client.query(text, values)).rows as T,
  $executeRawUnsafe: async (text, ...values) => (await client.query(text, values)).rowCount ?? 0,
})

const int8: number = pg.types.builtins.INT8

// Positions and ids are BIGINT; Prisma gives them as bigint, and so does this seam. pg's own parsers belong to the whole process.
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === int8 ? BigInt : pg.types.getTypeParser(oid, format)

/** The messaging seam straight over `pg`, for tests of shared code, which belongs to no domain's database. */
export interface TestSeam {
  readonly db: SqlSeam
  readonly transaction: Transaction<SqlSeam>
  stop(): Promise<void>
}

/** Opens the seam on one database. */
export function openSeam(url: string): TestSeam {
  const pool = new pg.Pool({ connectionString: url, max: 5, types: { getTypeParser } })
  const transaction: Transaction<SqlSeam> = async (work) => {
    const connection = await pool.connect()
    try {
      await connection.query('BEGIN')
      const result = await work(seamOf(connection))
      await connection.query('COMMIT')
      return result
    } catch (error) {
      await connection.query('ROLLBACK')
      throw error
    } finally {
      connection.release()
    }
  }
  return { db: seamOf(pool), transaction, stop: () => pool.end() }
}
