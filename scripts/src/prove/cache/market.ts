import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EntityCache } from '@pasar/router/cache/entity-cache'
import type { PasarEvent } from '@pasar/schema/events'
import type { Bus, Stop } from '@pasar/shared/events/bus'
import { systemClock } from '@pasar/shared/clock'
import { listen } from '@pasar/shared/http/server'
import { generateKeys } from '@pasar/shared/identity/keys'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { redisBus } from '@pasar/shared/events/redis-bus'
import { readSettings } from '@pasar/shared/process/settings'
import type { ProofDatabases } from '../databases.ts'

/** What a market of this proof is like. */
export interface CachedMarketOptions {
  readonly databases: ProofDatabases
  readonly cache: 'on' | 'off'
  /** Events and entries go through it where it is given. */
  readonly redisUrl?: string | undefined
  /** Called with each event as soon as the router's cache has been told of it. */
  readonly onTold: (event: PasarEvent) => void
}

/** A market that counts what it does. */
export interface CachedMarket {
  readonly url: string
  readonly cache: EntityCache | undefined
  /** Since the market was opened. */
  readonly counts: { fetches: number; statements: number }
  stop: Stop
}

/** Opens the whole market in this process, with everything that is due done by itself. */
export async function openCachedMarket({ databases, cache, redisUrl, onTold }: CachedMarketOptions): Promise<CachedMarket> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pasar-proof-'))
  const redis = redisUrl === undefined ? {} : { REDIS_URL: redisUrl, REDIS_PREFIX: 'proof' }
  const unbounded = { BUDGET_ACCOUNT: '0', BUDGET_ADDRESS: '0', BUDGET_TRIES: '0' }
  const settings = readSettings({ ...generateKeys(), LOG_LEVEL: 'error', ROUTER_CACHE: cache, ...unbounded, ...redis })
  const log = openLog(settings.LOG_LEVEL, 'proof')
  const bus = redisUrl === undefined ? memoryBus() : await redisBus({ url: redisUrl, prefix: 'proof', log })
  // The market's code needs the database clients, which may just have been made.
  const { openMarket } = await import('../../market.ts')
  const http = await listen({ host: settings.HOST, port: 0, log })
  const counts = { fetches: 0, statements: 0 }
  const market = await openMarket({
    settings,
    log,
    http,
    dataDir,
    bus: told(bus, onTold),
    clock: systemClock,
    background: true,
    accounts: [],
    databaseUrl: databases.urlFor,
    onFetch: () => void (counts.fetches += 1),
    onStatement: (_, text) => void (counts.statements += isAsked(text) ? 1 : 0),
  })
  return {
    url: market.url,
    cache: market.cache,
    counts,
    stop: async () => {
      await market.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** What relays and due work ask all the time is not what an operation costs. */
const isAsked = (text: string) => !/outbox_event|idempotency_record|parked_event|inbox_event|pg_try_advisory/.test(text)

const told = (bus: Bus, onTold: (event: PasarEvent) => void): Bus => ({
  ...bus,
  follow: (follower) =>
    bus.follow({
      ...follower,
      handle: (event) => {
        follower.handle(event)
        onTold(event)
      },
    }),
})
