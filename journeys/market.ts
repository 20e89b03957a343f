import { openClient, type Client, type Variables } from '@pasar/scripts/demo/client'
import { openLive, type Stream } from '@pasar/scripts/demo/live'
import type { Operation } from '@pasar/scripts/demo/operation'
import { simulatorsAt, type Simulators } from '@pasar/scripts/demo/simulator-endpoints'
import { openFleetMarket } from '@pasar/scripts/fleet/fleet-market'
import { openMarket, type Market, type MarketOptions } from '@pasar/scripts/market'
import type { Bus } from '@pasar/shared/events/bus'
import { fixedClock, type FixedClock } from '@pasar/shared/clock'
import { listen } from '@pasar/shared/http/server'
import { openLog, type Log } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { readSettings } from '@pasar/shared/process/settings'
import { expect, vi } from 'vitest'
import { freshRemains, type Remains } from './remains.ts'
import type { Way } from './ways.ts'

/** How many of them an operation took. */
export interface Cost {
  /** Operations from the router to subgraphs, as `domain` of each. */
  readonly fetches: readonly string[]
  readonly statements: readonly string[]
}

/** A whole market of a test's own, and a client's ways into it. */
export interface TestMarket {
  readonly market: Market
  readonly clock: FixedClock
  readonly remains: Remains
  readonly guest: Client
  readonly simulators: Simulators
  /** Runs everything that is due, until nothing is left. */
  settle(): Promise<unknown>
  /** Follows a live field; resolves when the stream runs, so that nothing after it is missed. With `after` nothing can be missed. */
  follow<F>(client: Client, operation: Operation<F>, variables: Variables): Promise<Stream<F>>
  measure(work: () => Promise<unknown>): Promise<Cost>
  /** Addresses of all routers: a fleet gets a second one by this. */
  everyRouter(): Promise<readonly string[]>
  /** Ends the process of the market; its remains stay. */
  end(): Promise<void>
  /** Ends the market and removes everything. */
  stop(): Promise<void>
}

/** How a test's market differs from the usual one. */
export interface TestMarketOptions {
  /** In one process when absent; `remains` go before it. */
  readonly way?: Way
  readonly remains?: Remains
  readonly clock?: FixedClock
  /** What every bus of this market goes through. */
  readonly throughBus?: (bus: Bus) => Bus
  /** Whether due work runs by itself. */
  readonly background?: boolean
  /** Whether the router keeps public entities, which costs fewer fetches than a first look does. */
  readonly cache?: 'on' | 'off'
  /** Who hears what the market logs; whoever JOURNEY_LOG says when absent. */
  readonly log?: Log
}

const frameWithinMs = 20_000
/** What a live field asks first: where its stream stands. */
const beginStreams = [
  'SELECT coalesce(max(position), 0) AS position FROM outbox_event',
  'SELECT newest FROM notification_box WHERE account_id = $1',
]

type Parts = Omit<MarketOptions, 'bus' | 'http' | 'accounts'>

/** Wires the parts of a market as its remains say: with one another, or over Redis and HTTP. */
async function wire(parts: Parts, { fleet }: Remains, throughBus: (bus: Bus) => Bus) {
  if (fleet) {
    const settings = { ...parts.settings, REDIS_URL: fleet.redis.url, REDIS_PREFIX: 'journey' }
    return openFleetMarket({ ...parts, settings, deliveries: fleet.deliveries, throughBus })
  }
  const http = await listen({ host: '127.0.0.1', port: 0, log: parts.log })
  const market = await openMarket({ ...parts, bus: throughBus(memoryBus()), http, accounts: [] })
  return { ...market, simulatorsUrl: market.url }
}

/** Opens a market in this process: time stands still, and nothing happens by itself unless told otherwise. */
export async function openTestMarket(options: TestMarketOptions = {}): Promise<TestMarket> {
  const { way = 'in one process', clock = fixedClock(), background = false, cache = 'on', throughBus = (bus) => bus } = options
  const remains = options.remains ?? (await freshRemains(way))
  const settings = readSettings({ ...remains.keys, ROUTER_CACHE: cache, LOG_LEVEL: process.env['JOURNEY_LOG'] ?? 'silent' })
  const fetches: string[] = []
  const statements: string[] = []
  const parts: Parts = {
    settings,
    log: options.log ?? openLog(settings.LOG_LEVEL, 'journey'),
    clock,
    background,
    databaseUrl: (domain) => remains.databases[domain].url,
    dataDir: remains.dataDir,
    onStatement: (domain, text) => void statements.push(`${domain}: ${text}`),
    onFetch: (domain) => void fetches.push(domain),
  }
  const { simulatorsUrl, ...market } = await wire(parts, remains, throughBus)
  const guest = openClient(market.url)
  const live = openLive(() => undefined, frameWithinMs)
  const begun = () => statements.filter((text) => beginStreams.some((first) => text.endsWith(first))).length
  const end = async () => {
    await guest.stop()
    await market.stop()
  }
  return {
    market,
    clock,
    remains,
    guest,
    simulators: simulatorsAt(simulatorsUrl),
    settle: () => market.settle(),
    follow: async (client, operation, variables) => {
      const before = begun()
      const stream = live.follow({ client, operation, variables, tell: () => '' })
      if (variables['after'] === undefined)
        await vi.waitFor(() => expect(begun()).toBeGreaterThan(before), { timeout: frameWithinMs, interval: 5 })
      return stream
    },
    measure: async (work) => {
      const from = [fetches.length, statements.length] as const
      await work()
      return { fetches: fetches.slice(from[0]), statements: statements.slice(from[1]) }
    },
    everyRouter: async () => ('addRouter' in market ? [market.url, await market.addRouter()] : [market.url]),
    end,
    stop: async () => {
      await end()
      await remains.remove()
    },
  }
}
