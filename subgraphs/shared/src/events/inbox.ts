import type { PasarEvent } from '@pasar/schema/events'
import type { Clock } from '../clock.ts'
import type { SqlSeam } from '../postgres/seam.ts'
import type { Transaction } from '../postgres/transaction.ts'

const record = `INSERT INTO inbox_event (consumer, event_id, received_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`

/** What an inbox needs. */
export interface InboxOptions<Tx extends SqlSeam> {
  readonly transaction: Transaction<Tx>
  /** The one by which housekeeping forgets: another one's time would end the memory too early. */
  readonly clock: Clock
}

/** Runs `work` at most once per event: the record and the work commit together or not at all. Says whether it ran. */
export const once =
  <Tx extends SqlSeam>({ transaction, clock }: InboxOptions<Tx>, consumer: string) =>
  (event: PasarEvent, work: (tx: Tx) => Promise<void>): Promise<boolean> =>
    transaction(async (tx) => {
      if ((await tx.$executeRawUnsafe(record, consumer, event.id, clock.now())) === 0) return false
      await work(tx)
      return true
    })
