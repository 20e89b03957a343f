import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openClient, type Client, type Variables } from '@pasar/scripts/demo/client'
import { openLive, type Stream } from '@pasar/scripts/demo/live'
import type { Operation } from '@pasar/scripts/demo/operation'
import { simulatorsAt, type Simulators } from '@pasar/scripts/demo/simulator-endpoints'
import { openMarket, type Market } from '@pasar/scripts/market'
import type { Bus } from '@pasar/shared/bus'
import { fixedClock, type FixedClock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import { listen } from '@pasar/shared/http'
import { generateKeys } from '@pasar/shared/keys'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/memory-bus'
import { readSettings } from '@pasar/shared/settings'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { expect, vi } from 'vitest'

/** What a market keeps when its process ends. */
export interface Remains {
  readonly databases: Readonly<Record<Domain, FreshDatabase>>
  /** What the simulators remember. */
  readonly dataDir: string
  readonly keys: Readonly<Record<string, string>>
  remove(): Promise<void>
}

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
  settle(): Promise<void>
  /** Follows a live field; resolves when the stream runs, so that nothing after it is missed. With `after` nothing can be missed. */
  follow<F>(client: Client, operation: Operation<F>, variables: Variables): Promise<Stream<F>>
  measure(work: () => Promise<unknown>): Promise<Cost>
  /** Ends the process of the market; its remains stay. */
  end(): Promise<void>
  /** Ends the market and removes everything. */
  stop(): Promise<void>
}

/** Databases and a folder of a market's own. */
export async function freshRemains(): Promise<Remains> {
  const entries = await Promise.all(domains.map(async (domain) => [domain, await freshDatabase(domain)] as const))
  const databases = Object.fromEntries(entries) as Record<Domain, FreshDatabase>
  const dataDir = mkdtempSync(join(tmpdir(), 'pasar-journey-'))
  const remove = async () => {
    await Promise.all(Object.values(databases).map(({ drop }) => drop()))
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { databases, dataDir, keys: generateKeys(), remove }
}

/** How a test's market differs from the usual one. */
export interface TestMarketOptions {
  readonly remains?: Remains
  readonly clock?: FixedClock
  readonly bus?: Bus
  /** Whether due work runs by itself. */
  readonly background?: boolean
}

const frameWithinMs = 20_000
/** What a live field asks first: where its stream stands. */
const beginsStream = 'SELECT coalesce(max(position), 0) AS position FROM outbox_event'

/** Opens a market in this process: time stands still, and nothing happens by itself unless told otherwise. */
export async function openTestMarket(options: TestMarketOptions = {}): Promise<TestMarket> {
  const { remains = await freshRemains(), clock = fixedClock(), bus = memoryBus(), background = false } = options
  const settings = readSettings({ ...remains.keys, LOG_LEVEL: process.env['JOURNEY_LOG'] ?? 'silent' })
  const log = openLog(settings.LOG_LEVEL, 'journey')
  const fetches: string[] = []
  const statements: string[] = []
  const market = await openMarket({
    settings,
    log,
    bus,
    clock,
    background,
    databaseUrl: (domain) => remains.databases[domain].url,
    http: await listen({ host: '127.0.0.1', port: 0, log }),
    dataDir: remains.dataDir,
    accounts: [],
    onStatement: (domain, text) => void statements.push(`${domain}: ${text}`),
    onFetch: (domain) => void fetches.push(domain),
  })
  const guest = openClient(market.url)
  const live = openLive(() => undefined, frameWithinMs)
  const begun = () => statements.filter((text) => text.endsWith(beginsStream)).length
  const end = async () => {
    await guest.stop()
    await market.stop()
  }
  return {
    market,
    clock,
    remains,
    guest,
    simulators: simulatorsAt(market.url),
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
    end,
    stop: async () => {
      await end()
      await remains.remove()
    },
  }
}
