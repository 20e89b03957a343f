import { openLog } from '@pasar/shared/log'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { transactionOver } from '@pasar/shared/postgres/statement'
import type { Transaction } from '@pasar/shared/postgres/transaction'
import { deadlineWorker } from '../src/commands/carry-out-deadlines.ts'
import { openDatabase, type Tx } from '../src/store/database.ts'
import type { Market } from './market.ts'

/** Another replica that looks for deadlines; `meanwhile` happens after its first look, before it acts upon that. */
export async function otherReplica(market: Market, meanwhile = async (): Promise<void> => undefined): Promise<number> {
  const { pool, adapter, stop } = openPostgres({ url: market.databaseUrl })
  const db = openDatabase(adapter)
  const plain = transactionOver(pool)
  const waiting = [meanwhile]
  const transaction: Transaction<Tx> = async (work) => {
    await waiting.pop()?.()
    return plain(work)
  }
  const done = await deadlineWorker({ db, transaction, clock: market.clock, log: openLog('silent', 'orders') }).run()
  await db.$disconnect()
  await stop()
  return done
}
