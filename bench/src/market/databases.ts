import { generateClients } from '@pasar/scripts/generate/clients'
import { migrateDatabase } from '@pasar/scripts/migrate/database'
import { defaultDataDir } from '@pasar/scripts/paths'
import { startPostgres } from '@pasar/scripts/postgres/server'
import { systemClock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { size } from './plan.ts'

/** Databases of a market that is gone when it stops. */
export interface BenchDatabases {
  readonly urls: Readonly<Record<Domain, string>>
  /** A database that holds nothing. */
  readonly emptyUrl: string
  /** As the server does by itself when a market has run for a while. */
  analyze(): Promise<void>
  stop(): Promise<void>
}

/** Starts a throwaway PostgreSQL with a seeded market. */
export async function openDatabases(say: (line: string) => void): Promise<BenchDatabases> {
  const [server] = await Promise.all([
    startPostgres({ dataDir: defaultDataDir, mode: 'throwaway', say }),
    generateClients({ say }),
  ])
  try {
    await Promise.all(
      domains.map((domain) => migrateDatabase({ domain, url: server.urlFor(domain), ownerUrl: server.ownerUrlFor(domain) })),
    )
    // Its code needs the database clients, which may just have been made.
    const { seed } = await import('./seed.ts')
    await seed(server, systemClock)
    say(`seeded ${size.products} products with ${size.variants} variants each`)
  } catch (error) {
    await server.stop()
    throw error
  }
  const urls = Object.fromEntries(domains.map((domain) => [domain, server.urlFor(domain)])) as Record<Domain, string>
  const analyze = async () => void (await Promise.all(domains.map((domain) => analyzeOne(server.ownerUrlFor(domain)))))
  return { urls, emptyUrl: server.adminUrl, analyze, stop: server.stop }
}

async function analyzeOne(url: string): Promise<void> {
  const { pool, stop } = openPostgres({ url, connectionsMax: 1 })
  try {
    await pool.query('VACUUM ANALYZE')
  } finally {
    await stop()
  }
}
