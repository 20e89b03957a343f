import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import type { SqlSeam } from './seam.ts'

/** Texts that connections keep planned; a program has no more, unless somebody tries every combination of filters. */
const plannedMax = 500

const names = new Map<string, string>()

/** The name under which connections keep a text planned; undefined where there are too many of them already. */
export function plannedAs(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= plannedMax) return known
  const name = `text_${names.size + 1}`
  names.set(text, name)
  return name
}

const INT8: number = pg.types.builtins.INT8

/** Whole numbers of eight bytes are exact, as with Prisma; everything else is as the driver reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? BigInt : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
}

/** SQL over a pool or a connection, without Prisma between: the same rows, at a third of the processor time. */
export function seamOver(client: pg.Pool | pg.PoolClient): SqlSeam {
  const send = (text: string, values: readonly unknown[]) => {
    const name = plannedAs(text)
    return client.query({ text, values: [...values], types, ...(name !== undefined && { name }) })
  }
  return {
    $queryRawUnsafe: async <T>(text: string, ...values: unknown[]) => (await send(text, values)).rows as T,
    $executeRawUnsafe: async (text, ...values) => (await send(text, values)).rowCount ?? 0,
  }
}

/** A transaction of Prisma's, and the SQL of its connection as long as it is open. */
interface Opening {
  sql: SqlSeam | undefined
  begun: boolean
}

const opening = new AsyncLocalStorage<Opening>()
const openOn = new WeakMap<pg.PoolClient, Opening>()

/** Sees each statement before it is sent: so it is known on which connection Prisma has opened a transaction, and when that ends. */
export function seeStatement(client: pg.PoolClient, text: string): void {
  if (text === 'BEGIN') {
    const one = opening.getStore()
    if (!one || one.begun) return
    Object.assign(one, { begun: true, sql: seamOver(client) })
    openOn.set(client, one)
  } else if (text === 'COMMIT' || text === 'ROLLBACK') {
    const one = openOn.get(client)
    if (one) one.sql = undefined
    openOn.delete(client)
  }
}

const raw = new Set<string | symbol>(['$queryRawUnsafe', '$executeRawUnsafe'])

/** Prisma's client or transaction, whose raw statements go straight to the connection. */
const directly = <Tx extends object>(tx: Tx, sql: () => SqlSeam | undefined): Tx =>
  new Proxy(tx, {
    get: (target, name) => (raw.has(name) && sql()?.[name as keyof SqlSeam]) || (Reflect.get(target, name) as unknown),
  })

/** Opens a transaction of Prisma's whose raw statements go straight to its connection. */
export function withDirect<Tx extends object, T>(
  open: (work: (tx: Tx) => Promise<T>) => Promise<T>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const one: Opening = { sql: undefined, begun: false }
  return opening.run(one, () => open((tx) => work(directly(tx, () => one.sql))))
}

/** Prisma's client, whose raw statements outside of transactions go straight to the pool. */
export function directOver<Db extends object>(db: Db, pool: pg.Pool): Db {
  const sql = seamOver(pool)
  return directly(db, () => sql)
}
