import type { Clock } from '@pasar/shared/clock'
import type { LiveSource } from '@pasar/shared/events/live'
import type { NoteLook } from '@pasar/shared/subgraph/looks'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import type { Send } from '@pasar/shared/postgres/statement'
import type { Transaction } from '@pasar/shared/postgres/transaction'
import type { RequestIdentity } from '@pasar/shared/identity/viewer'
import type { Loaders } from './loaders.ts'
import type { Db, Tx } from './store/database.ts'
import type { Rush } from './store/rush.ts'

/** What the commands and reads of products work with. */
export interface ProductsDeps {
  readonly db: Db
  readonly transaction: Transaction<Tx>
  /** Without Prisma: for what is done all the time and is SQL alone. */
  readonly plainTransaction: Transaction<SqlSeam>
  readonly send: Send
  readonly rush: Rush
  readonly clock: Clock
  readonly live: LiveSource
}

/** A request, or one frame of a subscription. */
export interface ProductsContext extends RequestIdentity, ProductsDeps {
  /** See openLooks. */
  readonly noteLook: NoteLook
  readonly loaders: Loaders
}
