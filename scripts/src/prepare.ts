import type { Clock } from '@pasar/shared/clock'
import { domains } from '@pasar/shared/domains'
import { SettingProblem } from '@pasar/shared/process/setting-problem'
import type { Settings } from '@pasar/shared/process/settings'
import { generateClients } from './generate/clients.ts'
import { migrateDatabase } from './migrate/database.ts'
import { openedBeside, openMarketDatabases, type MarketDatabases } from './postgres/market-databases.ts'

/** What must be there before a market opens. */
export interface PrepareOptions {
  readonly env: NodeJS.ProcessEnv
  readonly dataDir: string
  readonly settings: Settings
  readonly clock: Clock
  readonly say: (line: string) => void
  /** Aborted when all of it is not wanted any more: nothing further is begun, and PostgreSQL stopped. */
  readonly stopping?: AbortSignal
}

/**
 * Makes database clients, starts PostgreSQL, migrates, and fills a market of the development mode in which nobody can sign in yet with the
 * demo market, on which no market in production starts.
 */
export async function prepareDatabases({ stopping, ...options }: PrepareOptions): Promise<MarketDatabases> {
  const { env, dataDir, settings, clock, say } = options
  const databases = await openedBeside(openMarketDatabases(env, { dataDir, say }), generateClients({ say }))
  try {
    stopping?.throwIfAborted()
    const applied = await Promise.all(
      domains.map(
        async (domain) =>
          (await migrateDatabase({ domain, url: databases.urlFor(domain), ownerUrl: databases.ownerUrlFor(domain) })).length,
      ),
    )
    const count = applied.reduce((sum, each) => sum + each, 0)
    if (count > 0) say(`Applied ${count} migrations`)
    stopping?.throwIfAborted()
    // Its code needs the database clients, which may just have been made.
    const { holdsDemoAccounts, notSeeded, seedMarket } = await import('./seed/seed-market.ts')
    if (settings.NODE_ENV !== 'production') {
      if ((await seedMarket({ databases, clock, say })) === 'refused') say(notSeeded)
    } else if (await holdsDemoAccounts({ databases, clock }))
      throw new SettingProblem('These databases hold the demo accounts, whose passwords everyone knows: start with empty ones.')
    stopping?.throwIfAborted()
    return databases
  } catch (error) {
    await databases.stop()
    throw error
  }
}
