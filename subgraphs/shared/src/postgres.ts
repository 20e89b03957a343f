import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { plannedAs, seeStatement, tellingConnections } from './direct.ts'
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
  pool.on('connect', (client) => {
    // One that dies in somebody's hands fails what they ask next; that, too, must not end the process.
    client.on('error', () => undefined)
    listen(client, onStatement)
  })
  const adapter = tellingConnections(new PrismaPg(pool, { statementNameGenerator: ({ sql }) => plannedAs(sql) ?? '' }))
  return { pool, adapter, stop: () => pool.end() }
}

/** What the driver's client takes, as far as we look at it. */
type Asking = string | { readonly text?: string; readonly begins?: boolean }

/** Counts every statement for the request that sends it, and tells a test of it. */
function listen(client: pg.PoolClient, onStatement: PostgresOptions['onStatement']): void {
  const query = client.query.bind(client) as (...parameters: readonly [Asking, ...unknown[]]) => unknown
  const counted = (...parameters: readonly [Asking, ...unknown[]]) => {
    const [asked] = parameters
    const text = typeof asked === 'string' ? asked : (asked.text ?? '')
    countStatement()
    try {
      if (typeof asked === 'object' && asked.begins === true) {
        countStatement()
        onStatement?.('BEGIN')
      }
      onStatement?.(text)
    } catch (error) {
      return refuse(parameters, error)
    }
    seeStatement(client, text)
    return query(...parameters)
  }
  Object.assign(client, { query: counted })
}

/** A proof whose process has died lets nothing through: told as a driver tells of failures, never by a throw in its own hands. */
function refuse(parameters: readonly unknown[], error: unknown): Promise<never> | undefined {
  const [{ callback: own }, ...rest] = parameters as readonly [{ readonly callback?: unknown }]
  const callback = [own, ...rest].findLast((one): one is (error: unknown) => void => typeof one === 'function')
  if (!callback) return Promise.reject(error)
  process.nextTick(callback, error)
  return undefined
}
