import type { Follower, Stop } from '@pasar/shared/events/bus'
import type { Log } from '@pasar/shared/log'
import type { Settings } from '@pasar/shared/process/settings'
import { routerLimits } from '../safety/limits.ts'
import { EntityCache } from './entity-cache.ts'
import { changingDomains, tagsChangedBy } from './event-entities.ts'
import { memoryStore } from './memory-store.ts'
import { redisStore } from './redis-store.ts'
import type { CacheStore } from './store.ts'

/** What the cache of a market's router is made of. */
export interface MarketCacheOptions {
  readonly settings: Pick<Settings, 'ROUTER_CACHE' | 'REDIS_URL' | 'REDIS_PREFIX'>
  readonly log: Log
  /** Hears the market's events; undefined where there is no way to hear them. */
  readonly follow: ((follower: Follower) => Stop | Promise<Stop>) | undefined
}

/** A cache that the market's events keep true. */
export interface MarketCache {
  readonly cache: EntityCache
  stop: Stop
}

/** Opens the cache unless it is turned off, or no events can be heard that would keep it true. */
export async function openMarketCache({ settings, log, follow }: MarketCacheOptions): Promise<MarketCache | undefined> {
  if (settings.ROUTER_CACHE === 'off' || !follow) return undefined
  const cache = new EntityCache(storeOf(settings, log))
  const stopFollowing = await follow(followerOf(cache))
  return {
    cache,
    stop: async () => {
      await stopFollowing()
      await cache.stop()
    },
  }
}

/** A cache without events, for a router that stands alone: what is kept is as old as its time allows. */
export function openTimedCache(): EntityCache {
  const cache = new EntityCache(ownMemory(), false)
  cache.reopen()
  return cache
}

const now = () => performance.now()

const ownMemory = (): CacheStore =>
  memoryStore({ bytesMax: routerLimits.cacheBytesMax, entryBytesMax: routerLimits.cacheEntryBytesMax, now })

function storeOf({ REDIS_URL: url, REDIS_PREFIX: prefix }: MarketCacheOptions['settings'], log: Log): CacheStore {
  if (url === undefined || prefix === undefined) return ownMemory()
  const { cacheEntryBytesMax: entryBytesMax, cacheEntriesMax: entriesMax, cacheEntriesOfTagMax: entriesOfTagMax } = routerLimits
  return redisStore({ url, prefix, log, entryBytesMax, entriesMax, entriesOfTagMax, now })
}

const followerOf = (cache: EntityCache): Follower => ({
  domains: changingDomains,
  handle: (event) => {
    const tags = tagsChangedBy(event)
    if (tags.length > 0) cache.invalidate(tags)
  },
  lost: () => cache.close(),
  found: () => cache.reopen(),
})
