import { createHash } from 'node:crypto'
import { domains, type Domain } from '@pasar/shared/domains'
import { hostAndPort } from '@pasar/shared/http/host-and-port'
import { withFreshKeys } from '@pasar/shared/identity/keys'
import type { Settings } from '@pasar/shared/process/settings'
import { ownerVariable } from '../migrate/reach.ts'
import { root } from '../paths.ts'

/** What the environment of every process of a fleet on this machine is made from. */
export interface FleetEnvironmentOptions {
  readonly env: NodeJS.ProcessEnv
  readonly settings: Settings
  readonly databaseUrl: (domain: Domain) => string
}

/** The environment of a fleet on this machine: what the person set goes before what we make up. */
export function fleetEnvironment({ env, settings, databaseUrl }: FleetEnvironmentOptions): NodeJS.ProcessEnv {
  const simulators = `http://${hostAndPort(settings.HOST, settings.PORT_SIMULATORS)}/simulators`
  const development = {
    PAYMENT_PROVIDER_URL: `${simulators}/midtrans`,
    XENDIT_URL: `${simulators}/xendit`,
    COURIER_URL: `${simulators}/courier`,
    SMTP_URL: `smtp://${hostAndPort(settings.HOST, settings.PORT_SMTP)}`,
  }
  const databases = Object.fromEntries(domains.map((domain) => [`DATABASE_URL_${domain.toUpperCase()}`, databaseUrl(domain)]))
  // Two checkouts on one Redis are two markets.
  const prefix = `pasar-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`
  // No process that serves anybody gets the way in of who owns the ledger.
  const { [ownerVariable]: _, ...given } = withFreshKeys(env)
  const made = settings.NODE_ENV === 'production' ? {} : development
  return { REDIS_PREFIX: prefix, ...made, ...databases, ...given }
}
