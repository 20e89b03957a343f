import { loadSupergraph, supergraphFiles } from '@pasar/schema/load'
import { fleetTransports, subgraphUrl } from '@pasar/shared/process/addresses'
import type { Follower, Stop } from '@pasar/shared/events/bus'
import { domains } from '@pasar/shared/domains'
import { hostAndPort } from '@pasar/shared/http/host-and-port'
import { openSigner } from '@pasar/shared/identity/signature'
import { signingKeys } from '@pasar/shared/identity/keys'
import type { Log } from '@pasar/shared/log'
import { followStreams } from '@pasar/shared/events/redis-follow'
import type { Settings } from '@pasar/shared/process/settings'
import { graphqlPath } from '@pasar/shared/http/transport'
import type { EntityCache } from './cache/entity-cache.ts'
import { openMarketCache } from './cache/market-cache.ts'
import { localViewerBudgets, sharedViewerBudgets } from './cost/viewer-budgets.ts'
import { exceptVoid, openAccessTokens, remoteKeys } from './identity/access-token.ts'
import { openAskVoided, openEndedSessions } from './identity/ask-users.ts'
import { openVoidTokens } from './identity/void-tokens.ts'
import { demoAccounts } from './pages/demo-accounts.ts'
import { marketLinks } from './pages/page-links.ts'
import { pages } from './pages/pages.ts'
import { serveMetrics } from './metrics/serve-metrics.ts'
import type { RouterOptions } from './router-options.ts'
import { readPersisted } from './persisted/manifest.ts'
import { openRouter, type Router } from './router.ts'
import { httpReady, serveRouter } from './serve.ts'
import { watchSupergraph } from './supergraph/watch.ts'

/** What a router of a fleet is made of; the settings say where the subgraphs are. */
export interface FleetRouterOptions extends Pick<RouterOptions, 'clock' | 'log' | 'explain'> {
  readonly settings: Settings
}

/** A router of a fleet that answers. */
export interface FleetRouter {
  readonly router: Router
  /** What it keeps; undefined where it keeps nothing. */
  readonly cache: EntityCache | undefined
  readonly port: number
  /** What stops it, to be run in this order. */
  readonly stops: readonly Stop[]
}

/** Opens the router over subgraphs that are reached by HTTP and WebSocket, and serves it with its pages. */
export async function openFleetRouter(options: FleetRouterOptions): Promise<FleetRouter> {
  const { settings, clock, log } = options
  const transports = fleetTransports(settings)
  const signer = openSigner(signingKeys(settings, 'router'), clock)
  const keys = remoteKeys(subgraphUrl(settings, 'users'))
  const follow = followerOf(settings, log)
  const voidTokens = await openVoidTokens({ clock, log, follow, ask: openAskVoided(signer, transports.users) })
  const cached = await openMarketCache({ settings, log, follow })
  const budgets = await budgetsOf(settings, options)
  const figures = await serveMetrics(settings, log)
  const router = await openRouter({
    ...options,
    metrics: figures?.metrics,
    budgets,
    cache: cached?.cache,
    persisted: readPersisted(settings),
    supergraph: loadSupergraph(),
    transports,
    signer,
    verifyAccessToken: exceptVoid(openAccessTokens(keys, clock), voidTokens),
    voidTokens,
    endedSessions: openEndedSessions(signer, transports.users),
  })
  const production = settings.NODE_ENV === 'production'
  const simulators = `http://${hostAndPort(settings.HOST, settings.PORT_SIMULATORS)}`
  const links = marketLinks.map((link) => (link.development ? { ...link, path: simulators + link.path } : link))
  const routes = pages({ production, accounts: demoAccounts, graphqlPath, links })
  const ready = async () => void (await Promise.all(domains.map((domain) => httpReady(subgraphUrl(settings, domain)))))
  const http = await serveRouter(router, { host: settings.HOST, port: settings.PORT, log, routes, ready })
  const stopTransports = async () => void (await Promise.all(Object.values(transports).map((transport) => transport.stop())))
  const stopWatching = watchSupergraph(router, { files: supergraphFiles, load: loadSupergraph, log })
  return {
    router,
    port: http.port,
    cache: cached?.cache,
    stops: [
      stopWatching,
      () => http.stop(),
      () => router.stop(),
      keys.stop,
      voidTokens.stop,
      async () => cached?.stop(),
      async () => figures?.stop(),
      budgets.stop,
      stopTransports,
    ],
  }
}

/** Without Redis there is no way to hear events, and nothing is kept. */
function followerOf({ REDIS_URL: url, REDIS_PREFIX: prefix }: Settings, log: Log) {
  if (url === undefined || prefix === undefined) return undefined
  return (follower: Follower) => followStreams({ url, prefix, log }, follower)
}

/** Without Redis this router keeps budgets by itself. */
async function budgetsOf(settings: Settings, { clock, log }: Pick<FleetRouterOptions, 'clock' | 'log'>) {
  const { REDIS_URL: url, REDIS_PREFIX: prefix } = settings
  if (url === undefined || prefix === undefined) return { ...localViewerBudgets(settings, clock), stop: async () => undefined }
  return sharedViewerBudgets(settings, { url, prefix, clock, log })
}
