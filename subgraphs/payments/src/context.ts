import type { Clock } from '@pasar/shared/clock'
import type { LiveSource } from '@pasar/shared/events/live'
import type { Log } from '@pasar/shared/log'
import type { NoteLook } from '@pasar/shared/subgraph/looks'
import type { Transaction } from '@pasar/shared/postgres/transaction'
import type { RequestIdentity } from '@pasar/shared/identity/viewer'
import type { InvariantsWatch } from './invariants-watch.ts'
import type { Loaders } from './loaders.ts'
import type { Providers } from './providers/providers.ts'
import type { Db, Tx } from './store/database.ts'

/** What commands, reads and workers of payments need. */
export interface PaymentsDeps {
  readonly db: Db
  readonly transaction: Transaction<Tx>
  readonly clock: Clock
  readonly log: Log
  readonly providers: Providers
  readonly invariants: InvariantsWatch
}

/** What the resolvers of payments get. */
export interface PaymentsContext extends RequestIdentity, PaymentsDeps {
  readonly live: LiveSource
  /** See openLooks. */
  readonly noteLook: NoteLook
  readonly loaders: Loaders
}
