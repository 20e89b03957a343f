import { openLooks } from '@pasar/shared/subgraph/looks'
import { SettingProblem } from '@pasar/shared/process/setting-problem'
import { refuseDevelopmentKeys, type Settings } from '@pasar/shared/process/settings'
import { openSubgraph, type Platform, type Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { openSubgraphDatabase } from '@pasar/shared/postgres/database'
import { transactionOf } from '@pasar/shared/postgres/transaction'
import { openConsumers } from './consumers.ts'
import type { LogisticsContext, LogisticsDeps } from './context.ts'
import { courierClient } from './courier/client.ts'
import { openLoaders } from './loaders.ts'
import { messages } from './messages.ts'
import { resolvers } from './resolvers.ts'
import { openRoutes } from './routes.ts'
import { openServices } from './services.ts'
import { openDatabase, type Tx } from './store/database.ts'
import { openWorkers } from './workers.ts'

/** Opens the logistics subgraph on its database. */
export async function openLogistics(platform: Platform, databaseUrl: string): Promise<Subgraph> {
  const { clock, bus, log, settings } = platform
  const url = courierUrl(settings)
  refuseDevelopmentKeys(settings, ['COURIER_SECRET'])
  const courier = courierClient({ url, secret: settings.COURIER_SECRET })
  const database = openSubgraphDatabase(platform, databaseUrl, openDatabase)
  const { db, commits } = database
  const transaction = transactionOf<Tx>(db, commits.beat)
  const deps: LogisticsDeps = { db, transaction, clock, bus, log, courier, courierSecret: settings.COURIER_SECRET }
  const services = openServices(db, clock)
  return openSubgraph<LogisticsContext>(platform, {
    name: 'logistics',
    resolvers,
    messages,
    context: (identity) => ({
      ...identity,
      ...deps,
      loaders: openLoaders(db, services),
      noteLook: openLooks(deps, identity.viewer),
    }),
    database,
    sources: ['orders'],
    consumers: openConsumers(deps),
    workers: openWorkers(deps),
    routes: openRoutes(deps),
  })
}

function courierUrl({ COURIER_URL }: Settings): string {
  if (COURIER_URL === undefined) throw new SettingProblem('COURIER_URL is missing: it is where parcels are booked')
  return COURIER_URL
}
