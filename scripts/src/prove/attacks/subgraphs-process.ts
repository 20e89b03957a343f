import { fleetCalls } from '@pasar/shared/process/addresses'
import { systemClock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import { listen, type HttpServer } from '@pasar/shared/http/server'
import { trustedIssuers } from '@pasar/shared/identity/keys'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { readSettings } from '@pasar/shared/process/settings'
import { mountSubgraph } from '@pasar/shared/subgraph/server'
import { openersWith } from '../../openers.ts'
import { answerMessages } from './child.ts'

/** The six subgraphs behind the router that is attacked, on servers of their own in one process. */
async function open(env: Record<string, string>, urls: Readonly<Record<Domain, string>>): Promise<Record<string, string>> {
  const log = openLog('debug', 'subgraphs')
  const servers = new Map<Domain, HttpServer>()
  for (const domain of domains) servers.set(domain, await listen({ host: '127.0.0.1', port: 0, log }))
  const addresses = Object.fromEntries(
    domains.map((domain) => [`SUBGRAPH_URL_${domain.toUpperCase()}`, `http://127.0.0.1:${servers.get(domain)!.port}`]),
  )
  const settings = readSettings({ ...env, ...addresses })
  const openers = openersWith((name) => fleetCalls({ settings, clock: systemClock }, name))
  const bus = memoryBus()
  const platform = { bus, clock: systemClock, log, settings, background: false }
  for (const domain of domains) {
    const subgraph = await openers[domain]({ ...platform, trusted: trustedIssuers(settings, domain) }, urls[domain])
    mountSubgraph(subgraph, servers.get(domain)!)
  }
  return addresses
}

answerMessages(async ({ env, urls }) => open(env as Record<string, string>, urls as Record<Domain, string>))
