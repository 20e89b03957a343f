import type { Clock } from '@pasar/shared/clock'
import type { SqlSeam } from '@pasar/shared/seam'
import type { Transaction } from '@pasar/shared/transaction'
import type { RequestIdentity } from '@pasar/shared/viewer'
import type { Loaders } from './loaders.ts'
import type { Tx } from './store/client.ts'

/** What commands work with. */
export interface CartsDeps {
  readonly transaction: Transaction<Tx>
  readonly db: SqlSeam
  readonly clock: Clock
}

/** What resolvers work with. */
export interface CartsContext extends RequestIdentity, CartsDeps {
  readonly loaders: Loaders
}
