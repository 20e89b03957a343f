import type { Clock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import type { Stop } from '@pasar/shared/events/bus'
import { generateClients } from '../generate/clients.ts'
import { migrateDatabase } from '../migrate/database.ts'
import { defaultDataDir } from '../paths.ts'
import { startPostgres } from '../postgres/server.ts'

/** Databases of a market that is proven something about. */
export interface ProofDatabases {
  readonly urlFor: (domain: Domain) => string
  stop: Stop
}

/** Starts a throwaway PostgreSQL with the demo market in it. */
export async function openProofDatabases(clock: Clock, say: (line: string) => void): Promise<ProofDatabases> {
  const [server] = await Promise.all([
    startPostgres({ dataDir: defaultDataDir, mode: 'throwaway', say }),
    generateClients({ say }),
  ])
  try {
    await Promise.all(
      domains.map((domain) => migrateDatabase({ domain, url: server.urlFor(domain), ownerUrl: server.ownerUrlFor(domain) })),
    )
    // Its code needs the database clients, which may just have been made.
    const { seedMarket } = await import('../seed/seed-market.ts')
    await seedMarket({ databases: server, clock, say })
  } catch (error) {
    await server.stop()
    throw error
  }
  return { urlFor: server.urlFor, stop: server.stop }
}
