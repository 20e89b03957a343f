import type { Clock } from '@pasar/shared/clock'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import type { Send } from '@pasar/shared/postgres/statement'
import type { Transaction } from '@pasar/shared/postgres/transaction'
import type { RequestIdentity } from '@pasar/shared/identity/viewer'
import type { Loaders } from './loaders.ts'

/** What commands work with. */
export interface CartsDeps {
  readonly transaction: Transaction<SqlSeam>
  readonly send: Send
  readonly db: SqlSeam
  readonly clock: Clock
}

/** What resolvers work with. */
export interface CartsContext extends RequestIdentity, CartsDeps {
  readonly loaders: Loaders
}
