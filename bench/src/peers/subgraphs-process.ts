import { openersWith } from '@pasar/scripts/openers'
import { fleetCalls } from '@pasar/shared/process/addresses'
import { systemClock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import { listen } from '@pasar/shared/http/server'
import { trustedIssuers } from '@pasar/shared/identity/keys'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { mountSubgraph } from '@pasar/shared/subgraph/server'
import { productionSettings, type MarketEnvironment } from './market-settings.ts'
import { admitUnsigned } from './viewer-header.ts'

/** What the process that measures tells this one. */
export interface SubgraphsMessage {
  readonly environment: MarketEnvironment
  readonly databaseUrls: Readonly<Record<Domain, string>>
}

// A process of its own: the six subgraphs over HTTP, each on a port of this machine, in production mode, signed or not.
async function open({ environment, databaseUrls }: SubgraphsMessage): Promise<void> {
  const settings = productionSettings(environment)
  const log = openLog(settings.LOG_LEVEL, 'bench')
  const openers = openersWith((name) => fleetCalls({ settings, clock: systemClock }, name))
  const bus = memoryBus()
  const common = { clock: systemClock, bus, log, settings, background: false, admitUnsigned }
  const entries = domains.map(async (domain) => {
    const trusted = trustedIssuers(settings, domain)
    const subgraph = await openers[domain]({ ...common, trusted }, databaseUrls[domain])
    const { port } = mountSubgraph(subgraph, await listen({ host: '127.0.0.1', port: 0, log }))
    return [domain, `http://127.0.0.1:${port}/graphql`] as const
  })
  process.send!({ urls: Object.fromEntries(await Promise.all(entries)) })
}

process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
process.once('message', (message) => void open(message as SubgraphsMessage))
