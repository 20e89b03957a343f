import { limits } from '@pasar/shared/limits'
import { openLooks } from '@pasar/shared/looks'
import { openSubgraph, type Platform, type Subgraph } from '@pasar/shared/subgraph'
import { openSubgraphDatabase } from '@pasar/shared/subgraph-database'
import { sendOver, transactionOver } from '@pasar/shared/statement'
import { transactionOf } from '@pasar/shared/transaction'
import { balanceUnits } from './commands/balance-units.ts'
import { expireReservations } from './commands/expire-reservations.ts'
import { forgetSaleBuyers } from './commands/forget-sale-buyers.ts'
import { moveListings } from './commands/move-listings.ts'
import { refreshListings } from './commands/refresh-listings.ts'
import { turnFlashSales } from './commands/turn-flash-sales.ts'
import { openConsumers } from './consumers.ts'
import type { ProductsContext, ProductsDeps } from './context.ts'
import { openLoaders } from './loaders.ts'
import { messages } from './messages.ts'
import { resolvers } from './resolvers.ts'
import { openDatabase, type Tx } from './store/database.ts'
import { openRush } from './store/rush.ts'

/** Opens the products subgraph over its database. */
export async function openProducts(platform: Platform, databaseUrl: string): Promise<Subgraph> {
  const { clock, bus } = platform
  const database = openSubgraphDatabase(platform, databaseUrl, openDatabase)
  const { db, pool, commits } = database
  const transaction = transactionOf<Tx>(db, commits.beat)
  const send = sendOver(pool, commits.beat)
  const deps: ProductsDeps = {
    db,
    transaction,
    send,
    rush: openRush(send, transactionOver(pool, commits.beat)),
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
    workers: [
      { name: 'products expiry', everyMs: limits.duePollMs, run: () => expireReservations(deps) },
      { name: 'products listings', everyMs: limits.duePollMs, onCommit: true, run: () => refreshListings(deps) },
      { name: 'products moves', everyMs: limits.duePollMs, run: () => moveListings(deps) },
      { name: 'products flash sales', everyMs: limits.duePollMs, run: () => turnFlashSales(deps) },
      { name: 'products sale buyers', everyMs: limits.housekeepingMs, run: (stopping) => forgetSaleBuyers(deps, stopping) },
      { name: 'products units', everyMs: limits.duePollMs, run: () => balanceUnits(deps) },
    ],
    routes: [],
  })
}
