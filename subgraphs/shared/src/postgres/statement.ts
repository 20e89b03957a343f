import pg from 'pg'
import { seamThatBegins } from './direct.ts'
import { askAny, asSent } from './planned-query.ts'
import { presentWork } from '../points.ts'
import type { SqlSeam } from './seam.ts'
import { retryLost, withBoundaries, type Transaction } from './transaction.ts'

/** One SQL statement that a connection parses and plans once. */
export interface Statement {
  /** Names its text on every connection, so another text needs another name. */
  readonly name: string
  readonly text: string
  /** Whether it changes something. */
  readonly writes?: true
}

/**
 * Rows of arrays, as SQL: `rowsOf('$1::text[]', '$2::integer[]')`. The arrays are hidden from the planner: it takes every call for one of ten
 * rows, and so keeps its plan instead of making a new one for arrays of one, which takes longer than the statement itself.
 */
export const rowsOf = (...arrays: readonly string[]): string =>
  `unnest(${arrays.map((array) => `ARRAY(SELECT unnest(${array}))`).join(', ')})`

/** Any value of an array, as SQL: `id = ${anyOf('$1::text[]')}`. Hidden from the planner like the arrays of `rowsOf`. */
export const anyOf = (array: string): string => `ANY(ARRAY(SELECT unnest(${array})))`

/** Sends one statement and returns its rows. */
export type Send = <Row extends object>(statement: Statement, ...values: readonly unknown[]) => Promise<Row[]>

/** As long as one of Prisma's may take: whoever holds rows for longer has lost its way. */
const transactionMs = 30_000

/**
 * Sends statements that are a transaction each: one round trip, and again when one loses against another transaction. A connection that does
 * not answer is given up: others may wait for what was asked on it.
 */
export const sendOver =
  (pool: pg.Pool, afterCommit: () => void = () => undefined, answerMs: number = transactionMs): Send =>
  async <Row extends object>(statement: Statement, ...values: readonly unknown[]) => {
    if (statement.writes && presentWork()) return sendWithBoundaries<Row>(pool, { statement, values, afterCommit })
    const { name, text } = statement
    const asked = { name, text, values: asSent(values), query_timeout: answerMs }
    const { rows } = await retryLost(() => askAny<Row>(pool, asked))
    if (statement.writes) afterCommit()
    return rows
  }

/** Sends statements as part of a transaction. */
export const sendWithin =
  (tx: SqlSeam): Send =>
  <Row extends object>({ text }: Statement, ...values: readonly unknown[]) =>
    tx.$queryRawUnsafe<Row[]>(text, ...values)

interface Sending {
  readonly statement: Statement
  readonly values: readonly unknown[]
  readonly afterCommit: () => void
}

/** The same with a transaction around it, so that there is something between statement and commit. */
async function sendWithBoundaries<Row extends object>(
  pool: pg.Pool,
  { statement, values, afterCommit }: Sending,
): Promise<Row[]> {
  const { inside, after } = withBoundaries((tx: SqlSeam) => sendWithin(tx)<Row>(statement, ...values))
  const rows = await retryLost(() => inTransaction(pool, inside, pg.types))
  afterCommit()
  await after()
  return rows
}

/** Transactions without Prisma between, at half of the processor time; `afterCommit` is called after each. */
export const transactionOver =
  (pool: pg.Pool, afterCommit: () => void = () => undefined): Transaction<SqlSeam> =>
  async (work) => {
    const { inside, after } = withBoundaries(work)
    const result = await retryLost(() => inTransaction(pool, inside))
    afterCommit()
    await after()
    return result
  }

async function inTransaction<T>(pool: pg.Pool, work: (sql: SqlSeam) => Promise<T>, read?: pg.CustomTypesConfig): Promise<T> {
  const client = await pool.connect()
  const overdue = setTimeout(() => void (client as pg.PoolClient & pg.Client).end().catch(() => undefined), transactionMs)
  const { sql, ending, isOpen } = seamThatBegins(client, read)
  try {
    // Who wants to know of its boundaries wants one before the commit.
    const result = await work(presentWork() ? sql : ending)
    // A statement whose failure was caught has ended the transaction all the same: COMMIT says so, and is no failure itself.
    const { command } = isOpen() ? await client.query('COMMIT') : { command: 'COMMIT' }
    if (command !== 'COMMIT') throw new Error('a transaction of which a statement has failed cannot be committed')
    client.release()
    return result
  } catch (error) {
    // A connection that cannot even roll back ends, and whatever it was in the middle of with it.
    await (isOpen() ? client.query('ROLLBACK') : Promise.resolve()).then(
      () => client.release(),
      () => client.release(true),
    )
    throw error
  } finally {
    clearTimeout(overdue)
  }
}
