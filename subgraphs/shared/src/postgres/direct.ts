import type { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { ask, askAny, askFirst, askLast, asSent, type Answered, type Asked } from './planned-query.ts'
import type { EndingSeam, SqlSeam } from './seam.ts'

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

/** SQL without Prisma between: the same rows, at a third of the processor time. */
function seamBy(send: (asked: Asked) => Promise<Answered<unknown>>, read: pg.CustomTypesConfig = types): SqlSeam {
  const ask = (text: string, values: readonly unknown[]) => send(askedOf(text, values, read))
  return {
    $queryRawUnsafe: async <T>(text: string, ...values: unknown[]) => (await ask(text, values)).rows as T,
    $executeRawUnsafe: async (text, ...values) => (await ask(text, values)).rowCount,
  }
}

const askedOf = (text: string, values: readonly unknown[], read: pg.CustomTypesConfig): Asked => ({
  name: plannedAs(text) ?? '',
  text,
  values: asSent(values),
  types: read,
})

/** SQL over a pool. */
export const seamOver = (pool: pg.Pool): SqlSeam => seamBy((asked) => askAny(pool, asked))

/** SQL over a connection, whose first statement begins a transaction; its last one may end it. */
export function seamThatBegins(client: pg.PoolClient, read: pg.CustomTypesConfig = types) {
  let isOpen = false
  const send = (asked: Asked) => {
    if (isOpen) return ask(client, asked)
    isOpen = true
    return askFirst(client, asked)
  }
  const last = async (text: string, ...values: readonly unknown[]) => {
    const asked = askedOf(text, values, read)
    // The only statement is a transaction by itself.
    const { rowCount } = await (isOpen ? askLast(client, asked) : ask(client, asked))
    isOpen = false
    return rowCount
  }
  const sql = seamBy(send, read)
  const ending: EndingSeam = { ...sql, $executeLast: last }
  return { sql, ending, isOpen: () => isOpen }
}

/** A transaction of Prisma's, and the SQL of its connection as long as it is open. */
interface Opening {
  sql: SqlSeam | undefined
  readonly reached: () => void
}

/** The one transaction on its way to its adapter, and the end of the line behind it. */
let opening: Opening | undefined
let line: Promise<void> | undefined

const openOn = new WeakMap<pg.PoolClient, Opening>()

/** What is asked of Prisma's transactions that are ours; those that Prisma opens by itself come without. It is the server's own level. */
const isolationLevel = 'ReadCommitted'

/**
 * Prisma's adapter, which says on which connection a transaction of ours goes. They come to it one at a time: an asynchronous context would
 * tell them apart as well, and would be carried along by every promise of the process.
 */
export function tellingConnections(factory: PrismaPg): PrismaPg {
  const connect = factory.connect.bind(factory)
  const telling = async () => {
    const adapter = await connect()
    const start = adapter.startTransaction.bind(adapter)
    return Object.assign(adapter, {
      startTransaction: async (level?: Parameters<typeof start>[0]) => {
        if (level === undefined) return start()
        const one = opening
        one?.reached()
        const transaction = await start()
        if (one) seeTransaction(one, (transaction as unknown as { readonly client: pg.PoolClient }).client)
        return transaction
      },
    })
  }
  return Object.assign(factory, { connect: telling })
}

function seeTransaction(one: Opening, client: pg.PoolClient): void {
  one.sql = seamBy((asked) => ask(client, asked))
  openOn.set(client, one)
}

/** Sees each statement before it is sent: so it is known when a transaction of Prisma's ends. */
export function seeStatement(client: pg.PoolClient, text: string): void {
  if (text !== 'COMMIT' && text !== 'ROLLBACK') return
  const one = openOn.get(client)
  if (one) one.sql = undefined
  openOn.delete(client)
}

const raw = new Set<string | symbol>(['$queryRawUnsafe', '$executeRawUnsafe'])

/** Prisma's client or transaction, whose raw statements go straight to the connection. */
const directly = <Tx extends object>(tx: Tx, sql: () => SqlSeam | undefined): Tx =>
  new Proxy(tx, {
    get: (target, name) => (raw.has(name) && sql()?.[name as keyof SqlSeam]) || (Reflect.get(target, name) as unknown),
  })

/** Opens a transaction of Prisma's; the options have to reach its adapter. */
export type Open<Tx, T> = (
  work: (tx: Tx) => Promise<T>,
  options: { readonly isolationLevel: typeof isolationLevel },
) => Promise<T>

/** Opens a transaction of Prisma's whose raw statements go straight to its connection. */
export async function withDirect<Tx extends object, T>(open: Open<Tx, T>, work: (tx: Tx) => Promise<T>): Promise<T> {
  while (line) await line
  let reached = () => undefined as void
  line = new Promise<void>((resolve) => {
    reached = () => {
      if (opening !== one) return
      opening = undefined
      line = undefined
      resolve()
    }
  })
  const one: Opening = { sql: undefined, reached }
  opening = one
  try {
    return await open((tx) => work(directly(tx, () => one.sql)), { isolationLevel })
  } finally {
    reached()
  }
}

/** Prisma's client, whose raw statements outside of transactions go straight to the pool. */
export function directOver<Db extends object>(db: Db, pool: pg.Pool): Db {
  const sql = seamOver(pool)
  return directly(db, () => sql)
}
