import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { limits } from './limits.ts'
import { countStatement } from './statement-count.ts'

/** How a process reaches one database. */
export interface PostgresOptions {
  readonly url: string
  readonly connectionsMax?: number
  /** Called with the text of every statement sent: tests count them. */
  readonly onStatement?: ((text: string) => void) | undefined
}

/** A connection pool, and Prisma's adapter over the same pool. */
export interface Postgres {
  readonly pool: pg.Pool
  readonly adapter: PrismaPg
  stop(): Promise<void>
}

/** Opens a pool (lazily connected). Stop it after everything that uses it. */
export function openPostgres({ url, connectionsMax = limits.databaseConnectionsMax, onStatement }: PostgresOptions): Postgres {
  const pool = new pg.Pool({ connectionString: url, max: connectionsMax, connectionTimeoutMillis: 10_000 })
  // An idle connection that the server ends is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => listen(client, onStatement))
  return { pool, adapter: new PrismaPg(pool), stop: () => pool.end() }
}

/** Counts every statement for the request that sends it, and tells a test of it. */
function listen(client: pg.PoolClient, onStatement: PostgresOptions['onStatement']): void {
  const query = client.query.bind(client) as (...parameters: unknown[]) => unknown
  const counted = (...parameters: unknown[]) => {
    countStatement()
    onStatement?.(textOf(parameters[0]))
    return query(...parameters)
  }
  Object.assign(client, { query: counted })
}

const textOf = (first: unknown): string =>
  typeof first === 'string' ? first : ((first as { text?: string } | undefined)?.text ?? '')
