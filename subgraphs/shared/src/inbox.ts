import type { PasarEvent } from '@pasar/schema/events'
import type { SqlSeam } from './seam.ts'
import type { Transaction } from './transaction.ts'

const record = `INSERT INTO inbox_event (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`

/** Runs `work` at most once per event: the record and the work commit together or not at all. Says whether it ran. */
export const once =
  <Tx extends SqlSeam>(transaction: Transaction<Tx>, consumer: string) =>
  (event: PasarEvent, work: (tx: Tx) => Promise<void>): Promise<boolean> =>
    transaction(async (tx) => {
      if ((await tx.$executeRawUnsafe(record, consumer, event.id)) === 0) return false
      await work(tx)
      return true
    })
