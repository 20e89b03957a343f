import { setTimeout as pause } from 'node:timers/promises'
import { wasBusy, wasLost } from './database-errors.ts'
import { withDirect, type Open } from './direct.ts'
import { limits } from '../limits.ts'
import { Unavailable } from '../problems.ts'
import { presentWork, reach } from '../points.ts'
import type { SqlSeam } from './seam.ts'

/** Runs work in one transaction that commits when it resolves and rolls back when it throws. */
export type Transaction<Tx> = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>

interface TransactionOptions {
  readonly maxWait: number
  readonly timeout: number
  readonly isolationLevel: 'ReadCommitted'
}

/** Prisma's interactive transaction, as far as we use it. */
interface TransactionClient<Tx> {
  $transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>
}

/** Does work, and again, with jitter, while it loses against other transactions: they never reach a caller. */
export async function retryLost<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (wasBusy(error)) throw new Unavailable('the database')
      if (!wasLost(error)) throw error
      if (attempt >= limits.transactionAttemptsMax) throw new Unavailable('the database')
      await pause(Math.random() * 10 * 2 ** attempt)
    }
  }
}

const changed = 'SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS changed'

/** A transaction's work, followed by its boundary before the commit; and what is to be reached after the commit. */
export function withBoundaries<Tx, T>(work: (tx: Tx) => Promise<T>) {
  const at = presentWork()
  if (at === undefined) return { inside: work, after: async () => undefined }
  let isChanged = false
  const inside = async (tx: Tx) => {
    const result = await work(tx)
    isChanged = (await (tx as unknown as SqlSeam).$queryRawUnsafe<{ changed: boolean }[]>(changed))[0]!.changed
    if (isChanged) await reach('committing', at)
    return result
  }
  return { inside, after: async () => (isChanged ? reach('committed', at) : undefined) }
}

/** Where one statement may be the whole of a transaction. */
export interface AloneIn<Tx> {
  readonly db: Tx
  readonly transaction: Transaction<Tx>
}

/** Work of one statement, which is a transaction by itself; boundaries want a transaction to lie in. Nobody is woken by its commit. */
export const alone = <Tx, T>({ db, transaction }: AloneIn<Tx>, work: (tx: Tx) => Promise<T>): Promise<T> =>
  presentWork() ? transaction(work) : retryLost(() => work(db))

/** Transactions over a Prisma client; those that lost against another one are run again, with jitter, and never reach a caller. */
export const transactionOf =
  <Tx extends object>(client: TransactionClient<Tx>, afterCommit: () => void = () => undefined): Transaction<Tx> =>
  async <T>(work: (tx: Tx) => Promise<T>) => {
    const { inside, after } = withBoundaries(work)
    const open: Open<Tx, T> = (inTransaction, options) =>
      client.$transaction(inTransaction, { ...options, maxWait: 10_000, timeout: 30_000 })
    const result = await retryLost(() => withDirect(open, inside))
    afterCommit()
    await after()
    return result
  }
