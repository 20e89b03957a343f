import { domains, type Domain } from '@pasar/shared/domains'
import { variableOf } from '../migrate/reach.ts'
import { findRunning } from './running.ts'
import { startPostgres, type PostgresOptions } from './server.ts'

/** The databases of the whole market, and how to let go of them. */
export interface MarketDatabases {
  readonly urlFor: (domain: Domain) => string
  readonly stop: () => Promise<void>
}

const named = (env: NodeJS.ProcessEnv, domain: Domain) => env[variableOf(domain)] || undefined

/** The databases that the environment names; the embedded server is started when one of the six is not named. */
export async function openMarketDatabases(env: NodeJS.ProcessEnv, options: PostgresOptions): Promise<MarketDatabases> {
  const embedded = domains.every((domain) => named(env, domain)) ? undefined : await startPostgres(options)
  return {
    urlFor: (domain) => named(env, domain) ?? embedded?.urlFor(domain) ?? '',
    stop: async () => embedded?.stop(),
  }
}

/** As openMarketDatabases, for a command that works beside a market: the server of one that runs from the same folder is used. */
export async function joinMarketDatabases(
  env: NodeJS.ProcessEnv,
  { needed, ...options }: PostgresOptions & { readonly needed: readonly Domain[] },
): Promise<MarketDatabases> {
  const running = needed.every((domain) => named(env, domain)) ? { urlFor: () => '' } : await findRunning(options.dataDir)
  if (!running) return openMarketDatabases(env, options)
  return { urlFor: (domain) => named(env, domain) ?? running.urlFor(domain), stop: () => Promise.resolve() }
}
