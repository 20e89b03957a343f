import type { Bus } from '@pasar/shared/events/bus'
import type { Calls } from '@pasar/shared/subgraph/calls'
import type { Clock } from '@pasar/shared/clock'
import type { Send } from '@pasar/shared/postgres/statement'
import type { Transaction } from '@pasar/shared/postgres/transaction'
import type { RequestIdentity } from '@pasar/shared/identity/viewer'
import type { AccessTokens } from './access-tokens.ts'
import type { Loaders } from './loaders.ts'
import type { Passwords } from './passwords.ts'
import type { Db, Tx } from './store/database.ts'

/** What commands and queries work with. */
export interface UsersDeps {
  readonly db: Db
  readonly transaction: Transaction<Tx>
  readonly send: Send
  readonly clock: Clock
  readonly bus: Bus
  readonly passwords: Passwords
  readonly accessTokens: AccessTokens
  /** How users asks other subgraphs. */
  readonly calls: Calls
}

/** What resolvers, commands and queries get for one request. */
export interface UsersContext extends RequestIdentity, UsersDeps {
  readonly loaders: Loaders
}
