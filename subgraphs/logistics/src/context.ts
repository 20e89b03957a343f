import type { Bus } from '@pasar/shared/events/bus'
import type { Clock } from '@pasar/shared/clock'
import type { Log } from '@pasar/shared/log'
import type { NoteLook } from '@pasar/shared/subgraph/looks'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import type { Transaction } from '@pasar/shared/postgres/transaction'
import type { RequestIdentity } from '@pasar/shared/identity/viewer'
import type { CourierClient } from './courier/client.ts'
import type { Loaders } from './loaders.ts'
import type { Tx } from './store/database.ts'

/** What commands work with. */
export interface LogisticsDeps {
  readonly transaction: Transaction<Tx>
  readonly db: SqlSeam
  readonly clock: Clock
  readonly bus: Bus
  readonly log: Log
  readonly courier: CourierClient
  /** Key of the courier's notification signatures. */
  readonly courierSecret: string
}

/** What resolvers work with. */
export interface LogisticsContext extends RequestIdentity, LogisticsDeps {
  readonly loaders: Loaders
  /** See openLooks. */
  readonly noteLook: NoteLook
}
