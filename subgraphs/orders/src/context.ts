import type { Clock } from '@pasar/shared/clock'
import type { LiveSource } from '@pasar/shared/events/live'
import type { NoteLook } from '@pasar/shared/subgraph/looks'
import type { Send } from '@pasar/shared/postgres/statement'
import type { Transaction } from '@pasar/shared/postgres/transaction'
import type { RequestIdentity } from '@pasar/shared/identity/viewer'
import type { Crowd } from './crowd.ts'
import type { Loaders } from './loaders.ts'
import type { Runner } from './saga/runner.ts'
import type { Db, Tx } from './store/database.ts'

/** What every command and query of orders works with. */
export interface OrdersDeps {
  readonly db: Db
  readonly transaction: Transaction<Tx>
  readonly send: Send
  readonly clock: Clock
  readonly live: LiveSource
  readonly runner: Runner
  readonly crowd: Crowd
}

/** One request, or one frame of a subscription. */
export interface OrdersContext extends RequestIdentity, OrdersDeps {
  readonly loaders: Loaders
  /** See openLooks. */
  readonly noteLook: NoteLook
}
