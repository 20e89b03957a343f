import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { plannedAs, seeStatement, tellingConnections } from './direct.ts'
import { limits } from '../limits.ts'
import { watchSilence, type Watch } from './silence.ts'
import { countStatement } from './statement-count.ts'
import type { Platform } from '../subgraph/open-subgraph.ts'

/** How a process reaches one database. */
export interface PostgresOptions {
  readonly url: string
  readonly connectionsMax?: number
  /** A connection that leaves a statement unanswered for so long is given up; none is where nothing is said. */
  readonly answerMs?: number
  /** Called with the text of every statement sent: tests count them. */
  readonly onStatement?: ((text: string) => void) | undefined
}

/** A connection that one has for oneself until it is released. */
export type Connection = pg.PoolClient

/** A connection pool, and Prisma's adapter over the same pool. */
export interface Postgres {
  readonly pool: pg.Pool
  readonly adapter: PrismaPg
  stop(): Promise<void>
}

/** Opens a pool (lazily connected). Stop it after everything that uses it. */
export function openPostgres({
  url,
  connectionsMax = limits.databaseConnectionsMax,
  answerMs,
  onStatement,
}: PostgresOptions): Postgres {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: 10_000,
    // A machine that dies is noticed soon also where a statement may take long.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  })
  const watch = answerMs === undefined ? undefined : watchSilence(answerMs)
  // An idle connection that the server ends is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    // One that dies in somebody's hands fails what they ask next; that, too, must not end the process.
    client.on('error', () => undefined)
    watch?.see(client)
    listen(client, { watch, onStatement })
  })
  const adapter = tellingConnections(new PrismaPg(pool, { statementNameGenerator: ({ sql }) => plannedAs(sql) ?? '' }))
  return { pool, adapter, stop: () => pool.end().finally(() => watch?.stop()) }
}

/** Opens the pool of a subgraph. */
export const openPostgresFor = (
  { onStatement, databaseAnswerMs = limits.databaseAnswerMs }: Pick<Platform, 'onStatement' | 'databaseAnswerMs'>,
  url: string,
): Postgres => openPostgres({ url, onStatement, answerMs: databaseAnswerMs })

/** What the driver's client takes, as far as we look at it. */
type Asking = string | { readonly text?: string; readonly begins?: boolean; readonly ends?: boolean }

interface Listening {
  readonly watch: Watch | undefined
  readonly onStatement: PostgresOptions['onStatement']
}

/** Counts every statement for the request that sends it, and tells a test of it. */
function listen(client: pg.PoolClient, { watch, onStatement }: Listening): void {
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
      if (typeof asked === 'object' && asked.ends === true) {
        countStatement()
        onStatement?.('COMMIT')
      }
    } catch (error) {
      return refuse(parameters, error)
    }
    seeStatement(client, text)
    watch?.asks(client, text)
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
