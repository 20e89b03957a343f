import { domains, type Domain } from '@pasar/shared/domains'
import { variableOf } from '../migrate/reach.ts'
import { startPostgres, type PostgresOptions } from './server.ts'

/** The databases of the whole market, and how to let go of them. */
export interface MarketDatabases {
  readonly urlFor: (domain: Domain) => string
  readonly stop: () => Promise<void>
}

/** The databases that the environment names; the embedded server is started when one of the six is not named. */
export async function openMarketDatabases(env: NodeJS.ProcessEnv, options: PostgresOptions): Promise<MarketDatabases> {
  const named = (domain: Domain) => env[variableOf(domain)] || undefined
  const embedded = domains.every(named) ? undefined : await startPostgres(options)
  return {
    urlFor: (domain) => named(domain) ?? embedded?.urlFor(domain) ?? '',
    stop: async () => embedded?.stop(),
  }
}
