import { limits } from '@pasar/shared/limits'
import { openLooks } from '@pasar/shared/looks'
import { openSubgraph, type Platform, type Subgraph } from '@pasar/shared/subgraph'
import { openSubgraphDatabase } from '@pasar/shared/subgraph-database'
import { transactionOver } from '@pasar/shared/statement'
import { checkPayments } from './commands/check-payments.ts'
import { sendPayouts } from './commands/send-payouts.ts'
import { payRefunds } from './commands/pay-refunds.ts'
import { openConsumers } from './consumers.ts'
import type { PaymentsDeps, PaymentsContext } from './context.ts'
import { openInvariants } from './invariants-watch.ts'
import { openLoaders } from './loaders.ts'
import { messages } from './messages.ts'
import { notificationRoutes } from './notifications.ts'
import { openProviders } from './providers/providers.ts'
import { resolvers } from './resolvers.ts'
import { openDatabase } from './store/database.ts'

/** Reading all books is dear; staff that looks at them sees a broken rule within seconds. */
const invariantsEveryMs = 5_000

const workersOf = (deps: PaymentsDeps) => [
  { name: 'payments refunds', everyMs: limits.duePollMs, run: () => payRefunds(deps) },
  { name: 'payments payouts', everyMs: limits.duePollMs, run: () => sendPayouts(deps) },
  { name: 'payments invariants', everyMs: invariantsEveryMs, run: () => deps.invariants.run() },
  { name: 'payments checks', everyMs: limits.duePollMs, run: () => checkPayments(deps) },
]

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
    workers: workersOf(deps),
    routes: notificationRoutes(deps),
    stop: providers.stop,
  })
}
