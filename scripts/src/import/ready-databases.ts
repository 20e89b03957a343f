import type { Domain } from '@pasar/shared/domains'
import { readSettings } from '@pasar/shared/process/settings'
import { generateClients } from '../generate/clients.ts'
import { migrateDatabase } from '../migrate/database.ts'
import { dataFolder } from '../paths.ts'
import { joinMarketDatabases, openedBeside, type MarketDatabases } from '../postgres/market-databases.ts'

/** The domains that seeds and imports write to. */
const needed: readonly Domain[] = ['users', 'products']

/** The databases of seeds and imports, up to date, whether a market runs from this checkout or not; and the clients that reach them. */
export async function readyDatabases(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<MarketDatabases> {
  const dataDir = dataFolder(readSettings(env))
  const databases = await openedBeside(joinMarketDatabases(env, { needed, dataDir, say }), generateClients({ say }))
  try {
    await Promise.all(
      needed.map((domain) => migrateDatabase({ domain, url: databases.urlFor(domain), ownerUrl: databases.ownerUrlFor(domain) })),
    )
    return databases
  } catch (error) {
    await databases.stop()
    throw error
  }
}
