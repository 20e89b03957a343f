import { openLooks } from '@pasar/shared/subgraph/looks'
import { openSubgraph, type Platform, type Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { openSubgraphDatabase } from '@pasar/shared/postgres/database'
import { transactionOver } from '@pasar/shared/postgres/statement'
import { openConsumers } from './consumers.ts'
import type { PaymentsDeps, PaymentsContext } from './context.ts'
import { openInvariants } from './invariants-watch.ts'
import { openLoaders } from './loaders.ts'
import { messages } from './messages.ts'
import { openProviders } from './providers/providers.ts'
import { resolvers } from './resolvers.ts'
import { openRoutes } from './routes.ts'
import { openDatabase } from './store/database.ts'
import { openWorkers } from './workers.ts'

/** Opens the payments subgraph on its database and its provider. */
export async function openPayments(platform: Platform, databaseUrl: string): Promise<Subgraph> {
  const { clock, log, bus, settings } = platform
  const providers = openProviders(settings)
  const database = openSubgraphDatabase(platform, databaseUrl, openDatabase)
  const { db, pool, commits } = database
  const deps: PaymentsDeps = {
    db,
    transaction: transactionOver(pool, commits.beat),
    clock,
    log,
    providers,
    invariants: openInvariants(db, clock),
  }
  return openSubgraph<PaymentsContext>(platform, {
    name: 'payments',
    resolvers,
    messages,
    context: (identity) => ({
      ...identity,
      ...deps,
      live: { domain: 'payments', db, bus },
      loaders: openLoaders(db),
      noteLook: openLooks(deps, identity.viewer),
    }),
    database,
    sources: ['orders', 'logistics'],
    consumers: openConsumers(deps),
    workers: openWorkers(deps),
    routes: openRoutes(deps),
    stop: providers.stop,
  })
}
