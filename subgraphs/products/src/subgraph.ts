import { openLooks } from '@pasar/shared/subgraph/looks'
import { openSubgraph, type Platform, type Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { openSubgraphDatabase } from '@pasar/shared/postgres/database'
import { sendOver, transactionOver } from '@pasar/shared/postgres/statement'
import { transactionOf } from '@pasar/shared/postgres/transaction'
import { openConsumers } from './consumers.ts'
import type { ProductsContext, ProductsDeps } from './context.ts'
import { openLoaders } from './loaders.ts'
import { messages } from './messages.ts'
import { resolvers } from './resolvers.ts'
import { openDatabase, type Tx } from './store/database.ts'
import { openRush } from './store/rush.ts'
import { openWorkers } from './workers.ts'

/** Opens the products subgraph over its database. */
export async function openProducts(platform: Platform, databaseUrl: string): Promise<Subgraph> {
  const { clock, bus } = platform
  const database = openSubgraphDatabase(platform, databaseUrl, openDatabase)
  const { db, pool, commits } = database
  const transaction = transactionOf<Tx>(db, commits.beat)
  const plainTransaction = transactionOver(pool, commits.beat)
  const send = sendOver(pool, commits.beat)
  const deps: ProductsDeps = {
    db,
    transaction,
    plainTransaction,
    send,
    rush: openRush(send, plainTransaction),
    clock,
    live: { domain: 'products', db, bus },
  }
  return openSubgraph<ProductsContext>(platform, {
    name: 'products',
    resolvers,
    messages,
    context: (identity) => ({
      ...identity,
      ...deps,
      noteLook: openLooks(deps, identity.viewer),
      loaders: openLoaders(db),
    }),
    database,
    sources: ['users', 'orders'],
    consumers: openConsumers(deps),
    workers: openWorkers(deps),
    routes: [],
  })
}
