import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stop } from '@pasar/shared/events/bus'
import { systemClock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import { hostAndPort } from '@pasar/shared/http/host-and-port'
import { listen, type HttpServer } from '@pasar/shared/http/server'
import { generateKeys } from '@pasar/shared/identity/keys'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { readSettings, type Settings } from '@pasar/shared/process/settings'
import { mountSubgraph } from '@pasar/shared/subgraph/server'
import type { Subgraphs } from '../openers.ts'
import { openProofDatabases } from './databases.ts'

/** The demo market in this process, with its subgraphs reachable by themselves as well. */
export interface SeededMarket {
  readonly url: string
  readonly settings: Settings
  readonly subgraphs: Subgraphs
  /** Where each subgraph answers signed requests. */
  readonly subgraphUrls: Readonly<Record<Domain, string>>
  /** Where providers, couriers and the mailbox are played. */
  readonly simulatorsUrl: string
  /** Runs all due work until there is none left. */
  settle(): Promise<unknown>
  stop: Stop
}

/** Opens it, on databases that are gone afterwards. No budget bounds it: whoever proves something asks for more than people do. */
export async function openSeededMarket(
  env: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<SeededMarket> {
  const databases = await openProofDatabases(systemClock, say)
  const dataDir = mkdtempSync(join(tmpdir(), 'pasar-proof-'))
  const unbounded = { BUDGET_ACCOUNT: '0', BUDGET_ADDRESS: '0', BUDGET_TRIES: '0' }
  const settings = readSettings({ ...generateKeys(), LOG_LEVEL: 'silent', ...unbounded, ...env })
  const log = openLog(settings.LOG_LEVEL, 'proof')
  // The market's code needs the database clients, which may just have been made.
  const { openMarket } = await import('../market.ts')
  const http = await listen({ host: settings.HOST, port: 0, log })
  const common = { settings, log, http, dataDir, bus: memoryBus(), clock: systemClock, background: false, accounts: [] }
  const market = await openMarket({ ...common, databaseUrl: databases.urlFor })
  const open = async (domain: Domain) =>
    [domain, mountSubgraph(market.subgraphs[domain], await listen({ host: settings.HOST, port: 0, log }))] as const
  const servers = Object.fromEntries(await Promise.all(domains.map(open))) as Record<Domain, HttpServer>
  const urls = domains.map((domain) => [domain, `http://${hostAndPort(settings.HOST, servers[domain].port)}`] as const)
  return {
    url: market.url,
    // They answer beside the router.
    simulatorsUrl: market.url,
    settle: market.settle,
    settings,
    subgraphs: market.subgraphs,
    subgraphUrls: Object.fromEntries(urls) as Record<Domain, string>,
    stop: async () => {
      await Promise.all(Object.values(servers).map((server) => server.stop()))
      await market.stop()
      await databases.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
