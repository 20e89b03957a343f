import { directOver } from '@pasar/shared/direct'
import { openPostgresFor } from '@pasar/shared/postgres'
import { openSubgraph, pulse, type Platform, type Subgraph } from '@pasar/shared/subgraph'
import { sendOver, transactionOver } from '@pasar/shared/statement'
import { openConsumers } from './consumers.ts'
import type { CartsContext } from './context.ts'
import { openLoaders } from './loaders.ts'
import { messages } from './messages.ts'
import { resolvers } from './resolvers.ts'
import { openDatabase } from './store/client.ts'
import { openWorkers } from './workers.ts'

/** Opens the carts subgraph on its database. */
export function openCarts(platform: Platform, databaseUrl: string): Promise<Subgraph> {
  const postgres = openPostgresFor(platform, databaseUrl)
  const db = directOver(openDatabase(postgres.adapter), postgres.pool)
  // Carts have no events of their own, so no commit wakes the relay.
  const commits = pulse()
  const transaction = transactionOver(postgres.pool)
  const deps = { db, transaction, send: sendOver(postgres.pool), clock: platform.clock }
  return openSubgraph<CartsContext>(platform, {
    name: 'carts',
    resolvers,
    messages,
    context: (identity) => ({ ...identity, ...deps, loaders: openLoaders(db) }),
    db,
    transaction,
    commits,
    sources: ['users', 'products'],
    consumers: openConsumers(deps),
    workers: openWorkers(deps),
    routes: [],
    stop: async () => {
      await db.$disconnect()
      await postgres.stop()
    },
  })
}
