import { ownerRoleOf } from '@pasar/shared/postgres/database-roles'
import { domains, type Domain } from '@pasar/shared/domains'
import { ownerVariable, variableOf } from '../migrate/reach.ts'
import { findRunning } from './running.ts'
import { startPostgres, type PostgresOptions } from './server.ts'

/** The databases of the whole market, and how to let go of them. */
export interface MarketDatabases {
  readonly urlFor: (domain: Domain) => string
  /** The way in of the role that owns the tables. */
  readonly ownerUrlFor: (domain: Domain) => string
  readonly stop: () => Promise<void>
}

const named = (env: NodeJS.ProcessEnv, domain: Domain) => env[variableOf(domain)] || undefined

/** Whoever is named for the service owns the tables as well, unless somebody else is named for that. */
const namedOwner = (env: NodeJS.ProcessEnv, domain: Domain) =>
  named(env, domain) && ((ownerRoleOf(domain) !== domain && env[ownerVariable]) || named(env, domain))

/** The databases that the environment names; the embedded server is started when one of the six is not named. */
export async function openMarketDatabases(env: NodeJS.ProcessEnv, options: PostgresOptions): Promise<MarketDatabases> {
  const embedded = domains.every((domain) => named(env, domain)) ? undefined : await startPostgres(options)
  return {
    urlFor: (domain) => named(env, domain) ?? embedded?.urlFor(domain) ?? '',
    ownerUrlFor: (domain) => namedOwner(env, domain) ?? embedded?.ownerUrlFor(domain) ?? '',
    stop: async () => embedded?.stop(),
  }
}

/** Databases that are opened beside other work: where that fails they are let go of again, and nothing is left running. */
export async function openedBeside(opening: Promise<MarketDatabases>, work: Promise<unknown>): Promise<MarketDatabases> {
  const [opened, done] = await Promise.allSettled([opening, work])
  if (opened.status === 'rejected') throw opened.reason as Error
  if (done.status === 'fulfilled') return opened.value
  await opened.value.stop()
  throw done.reason as Error
}

/** As openMarketDatabases, for a command that works beside a market: the server of one that runs from the same folder is used. */
export async function joinMarketDatabases(
  env: NodeJS.ProcessEnv,
  { needed, ...options }: PostgresOptions & { readonly needed: readonly Domain[] },
): Promise<MarketDatabases> {
  const nobody = { urlFor: () => '', ownerUrlFor: () => '' }
  const running = needed.every((domain) => named(env, domain)) ? nobody : await findRunning(options.dataDir)
  if (!running) return openMarketDatabases(env, options)
  return {
    urlFor: (domain) => named(env, domain) ?? running.urlFor(domain),
    ownerUrlFor: (domain) => namedOwner(env, domain) ?? running.ownerUrlFor(domain),
    stop: () => Promise.resolve(),
  }
}
