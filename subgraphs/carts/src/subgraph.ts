import { openSubgraph, type Platform, type Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { openSubgraphDatabase } from '@pasar/shared/postgres/database'
import { sendOver, transactionOver } from '@pasar/shared/postgres/statement'
import { openConsumers } from './consumers.ts'
import type { CartsContext } from './context.ts'
import { openLoaders } from './loaders.ts'
import { messages } from './messages.ts'
import { resolvers } from './resolvers.ts'
import { openDatabase } from './store/database.ts'
import { openWorkers } from './workers.ts'

/** Opens the carts subgraph on its database. */
export function openCarts(platform: Platform, databaseUrl: string): Promise<Subgraph> {
  const database = openSubgraphDatabase(platform, databaseUrl, openDatabase)
  const { db, pool } = database
  // Carts have no events of their own, so no commit wakes the relay.
  const deps = { db, transaction: transactionOver(pool), send: sendOver(pool), clock: platform.clock }
  return openSubgraph<CartsContext>(platform, {
    name: 'carts',
    resolvers,
    messages,
    context: (identity) => ({ ...identity, ...deps, loaders: openLoaders(db) }),
    database,
    sources: ['users', 'products'],
    consumers: openConsumers(deps),
    workers: openWorkers(deps),
    routes: [],
  })
}
