import { directOver } from '@pasar/shared/direct'
import { openPostgres } from '@pasar/shared/postgres'
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
  const postgres = openPostgres({ url: databaseUrl, onStatement: platform.onStatement })
  const db = directOver(openDatabase(postgres.adapter), postgres.pool)
  const commits = pulse()
  const transaction = transactionOver(postgres.pool, commits.beat)
  const deps = { db, transaction, send: sendOver(postgres.pool, commits.beat), clock: platform.clock }
  return openSubgraph<CartsContext>(platform, {
    name: 'carts',
    resolvers,
    messages,
    context: (identity) => ({ ...identity, ...deps, loaders: openLoaders(db) }),
    db,
    transaction: transactionOver(postgres.pool),
    commits,
    sources: ['products'],
    consumers: openConsumers(deps),
    workers: openWorkers(deps),
    routes: [],
    stop: async () => {
      await db.$disconnect()
      await postgres.stop()
    },
  })
}
