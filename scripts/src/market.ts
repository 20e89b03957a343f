import { exceptVoid, localKeys, openAccessTokens } from '@pasar/router/identity/access-token'
import { clientAddresses } from '@pasar/router/identity/client-address'
import { openAskVoided, openEndedSessions } from '@pasar/router/identity/ask-users'
import type { EntityCache } from '@pasar/router/cache/entity-cache'
import { openVoidTokens } from '@pasar/router/identity/void-tokens'
import { openMarketCache } from '@pasar/router/cache/market-cache'
import { serveMetrics } from '@pasar/router/metrics/serve-metrics'
import type { DemoAccount } from '@pasar/router/pages/landing'
import { pages } from '@pasar/router/pages/pages'
import { readPersisted } from '@pasar/router/persisted/manifest'
import { openRouter } from '@pasar/router/router'
import type { RouterOptions } from '@pasar/router/router-options'
import { mountRouter } from '@pasar/router/serve'
import { loadSupergraph } from '@pasar/schema/load'
import { localTransport } from '@pasar/shared/process/addresses'
import type { Bus, Follower, Stop } from '@pasar/shared/events/bus'
import { openCalls } from '@pasar/shared/subgraph/calls'
import type { Clock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import { hostAndPort } from '@pasar/shared/http/host-and-port'
import type { HttpServer } from '@pasar/shared/http/server'
import { openSigner, type Caller } from '@pasar/shared/identity/signature'
import { signingKeys, trustedIssuers } from '@pasar/shared/identity/keys'
import { errorDetails, type Log } from '@pasar/shared/log'
import type { Settings } from '@pasar/shared/process/settings'
import { pulse, type Platform, type Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { graphqlPath, type SubgraphTransport } from '@pasar/shared/http/transport'
import { openersWith, type Subgraphs } from './openers.ts'
import { openSimulators, withSimulators } from './simulators/simulators.ts'

/** What a whole market in one process is made of. */
export interface MarketOptions {
  /** Keys included: see `npm run keys`. */
  readonly settings: Settings
  readonly databaseUrl: (domain: Domain) => string
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  /** A server that listens already; the market mounts itself on it and stops it. */
  readonly http: HttpServer
  /** Folder of what the simulators remember. */
  readonly dataDir: string
  /** Whether due work runs by itself; tests run it with `settle`. */
  readonly background: boolean
  /** Accounts that the landing page shows. */
  readonly accounts: readonly DemoAccount[]
  /** Awaited when everything runs, before anybody is let in. */
  readonly beforeOpening?: () => Promise<void>
  /** Called with each SQL statement of each domain; tests hold budgets. */
  readonly onStatement?: (domain: Domain, text: string) => void
  /** Called with each fetch from router to subgraph; tests hold budgets. */
  readonly onFetch?: (domain: string, query: string) => void
}

/** A market that answers. */
export interface Market {
  /** Where people and clients reach it. */
  readonly url: string
  readonly subgraphs: Subgraphs
  /** What the router keeps; undefined where it keeps nothing. */
  readonly cache: EntityCache | undefined
  /** Runs all due work of all subgraphs, round after round, until there is none left; says how many rounds it took. */
  settle(): Promise<number>
  /** Finishes what is in flight and stops, in order. */
  stop: Stop
}

/** Opens a whole market in this process; one that cannot be opened leaves nothing running of itself, nor of what it was given. */
export async function openMarket(options: MarketOptions): Promise<Market> {
  const { http, bus, log } = options
  const opened: Stop[] = []
  try {
    return await openInOrder(options, opened)
  } catch (error) {
    await stopInOrder([http.stop, ...opened, () => bus.stop()], log)
    throw error
  }
}

async function stopInOrder(stops: readonly Stop[], log: Log): Promise<void> {
  for (const stop of stops) await stop().catch((error: unknown) => log.error(errorDetails(error), 'stopping failed'))
}

/** Puts down how to stop what it has opened, in the order in which that is to be done. */
async function openInOrder(options: MarketOptions, opened: Stop[]): Promise<Market> {
  const { http, bus, log } = options
  const url = `http://${hostAndPort(options.settings.HOST, http.port)}`
  const production = options.settings.NODE_ENV === 'production'
  // Before there is anything that works by itself: these are settings that may be wrong.
  const given = { persisted: readPersisted(options.settings), clientAddress: clientAddresses(options.settings.TRUSTED_PROXIES) }
  const simulators = production
    ? undefined
    : await openSimulators({ ...options, smtpPort: 0, notify: { payments: url, logistics: url } })
  if (simulators) opened.unshift(simulators.stop)
  const settings = simulators ? withSimulators(options.settings, simulators, url) : options.settings
  const subgraphs = await openSubgraphs({ ...options, settings }, opened)
  const cached = await openMarketCache({ settings, log, follow: (follower) => bus.follow(follower) })
  if (cached) opened.unshift(cached.stop)
  const figures = await serveMetrics(settings, log)
  if (figures) opened.unshift(figures.stop)
  const own = { ...given, cache: cached?.cache, metrics: figures?.metrics }
  const router = await openMarketRouter({ ...options, settings }, subgraphs, { own, opened })
  const all = Object.values(subgraphs)
  const routes = [
    ...pages({ production, accounts: production ? [] : options.accounts, graphqlPath }),
    ...(simulators?.routes ?? []),
    ...all.flatMap((subgraph) => subgraph.routes),
  ]
  await options.beforeOpening?.()
  const sockets = mountRouter(router, http, {
    routes,
    ready: async () => void (await Promise.all(all.map((one) => one.ready()))),
  })
  return {
    url,
    subgraphs,
    cache: cached?.cache,
    settle: () => workUntilDone([...all.map((subgraph) => () => subgraph.work()), async () => (await simulators?.run()) ?? 0]),
    stop: () => stopInOrder([sockets.stop, http.stop, ...opened, () => bus.stop()], log),
  }
}

/** Does all due work of everybody named, round after round, until there is none left; says how many rounds it took. */
export async function workUntilDone(works: readonly (() => Promise<number>)[]): Promise<number> {
  for (let rounds = 1; ; rounds += 1) {
    let done = 0
    for (const work of works) done += await work()
    if (done === 0) return rounds
  }
}

type PlatformParts = MarketOptions & Pick<Platform, 'begins'>

function platformOf({ settings, onStatement, ...rest }: PlatformParts, domain: Domain): Platform {
  const { bus, clock, log, background, begins } = rest
  const trusted = trustedIssuers(settings, domain)
  const count = onStatement && { onStatement: (text: string) => onStatement(domain, text) }
  return { bus, clock, log, background, settings, trusted, ...count, ...(begins && { begins }) }
}

async function openSubgraphs(options: MarketOptions, opened: Stop[]): Promise<Subgraphs> {
  const open: Partial<Record<Domain, Subgraph>> = {}
  const transports = localTransports(open)
  const signerOf = (name: Caller) => openSigner(signingKeys(options.settings, name), options.clock)
  const openers = openersWith((name) => openCalls(signerOf(name), transports, name))
  // A bus in memory hands an event to whoever is there, and then it is published: nobody may publish before all are.
  const begins = pulse()
  opened.unshift(
    // As at the opening: nobody may publish while some that an event is for are not there.
    async () => void (await Promise.all(Object.values(open).map((subgraph) => subgraph.rest()))),
    ...domains.map((domain) => async () => open[domain]?.stop()),
  )
  for (const domain of domains)
    open[domain] = await openers[domain](platformOf({ ...options, begins }, domain), options.databaseUrl(domain))
  begins.beat()
  return open as Subgraphs
}

/** Ways to subgraphs that may still have to open. */
const localTransports = (open: Readonly<Partial<Record<Domain, Subgraph>>>) =>
  Object.fromEntries(domains.map((domain) => [domain, localTransport(() => open[domain]!)])) as Record<Domain, SubgraphTransport>

interface OpeningRouter {
  readonly own: Pick<RouterOptions, 'cache' | 'metrics' | 'persisted' | 'clientAddress'>
  readonly opened: Stop[]
}

async function openMarketRouter(
  { settings, bus, clock, log, onFetch }: MarketOptions,
  subgraphs: Subgraphs,
  { own, opened }: OpeningRouter,
) {
  const transports = localTransports(subgraphs)
  const signer = openSigner(signingKeys(settings, 'router'), clock)
  const follow = (follower: Follower) => bus.follow(follower)
  const voidTokens = await openVoidTokens({ clock, log, follow, ask: openAskVoided(signer, transports.users) })
  opened.unshift(voidTokens.stop)
  const verify = openAccessTokens(
    localKeys(() => subgraphs.users.jwks()),
    clock,
  )
  const router = await openRouter({
    supergraph: loadSupergraph(),
    transports,
    signer,
    endedSessions: openEndedSessions(signer, transports.users),
    verifyAccessToken: exceptVoid(verify, voidTokens),
    voidTokens,
    clock,
    log,
    settings,
    ...own,
    ...(onFetch && { explain: { onFetch } }),
  })
  opened.unshift(() => router.stop())
  return router
}
