import { randomUUID } from 'node:crypto'
import type { PasarEvent } from '@pasar/schema/events'
import type { Bus, Stop, Subscription } from './bus.ts'
import type { Domain } from './domains.ts'
import { errorDetails, type Log } from './log.ts'
import { openRedis, type RedisClient } from './redis.ts'
import { followStreams, streamOf } from './redis-follow.ts'

/** How to reach Redis. The prefix has no default: two markets must never share streams by accident. */
export interface RedisBusOptions {
  readonly url: string
  readonly prefix: string
  readonly log: Log
  /** A member that does not confirm an event for this long loses it to another member. */
  readonly claimAfterMs?: number
}

/** Longer than any subgraph may be away: entries leave a stream by their age and not by their number, read or not. */
const streamKeptMs = 7 * 86_400_000
const readBlockMs = 1_000
const readCount = 50

interface Entry {
  readonly id: string
  readonly message: Readonly<Record<string, string>>
}

/** The bus of a fleet: one Redis Stream per domain with a consumer group per subgraph, and Pub/Sub for announcements. */
export async function redisBus({ url, prefix, log, claimAfterMs = 15_000 }: RedisBusOptions): Promise<Bus> {
  const open = () => openRedis(url, log)
  const commands = await open()
  const listener = await open()
  const stops = new Set<Stop>()
  const stream = (domain: Domain) => streamOf(prefix, domain)
  const announcements = listenTo(listener, prefix)
  return {
    async publish(domain, events) {
      // Ids of entries begin with Redis's own time in milliseconds.
      const trim = { TRIM: { strategy: 'MINID', strategyModifier: '~', threshold: Date.now() - streamKeptMs } } as const
      for (const event of events) {
        await commands.xAdd(stream(domain), '*', { event: JSON.stringify(event), position: String(event.position) }, trim)
      }
    },
    async consume(subscription) {
      const reader = await open()
      const stop = readGroup({ reader, subscription, stream, log, claimAfterMs })
      stops.add(stop)
      return async () => {
        stops.delete(stop)
        await stop()
      }
    },
    async follow(follower) {
      const stop = followStreams({ url, prefix, log }, follower)
      stops.add(stop)
      return async () => {
        stops.delete(stop)
        await stop()
      }
    },
    async announce(domain, keys) {
      await commands.publish(channelOf(prefix, domain), JSON.stringify(keys))
    },
    listen: announcements,
    async heldUpTo(domain) {
      const [newest] = (await commands.xRevRange(stream(domain), '+', '-', { COUNT: 1 })) ?? []
      return newest ? Number(newest.message['position']) : 0
    },
    async stop() {
      for (const stop of stops) await stop()
      await Promise.all([commands.close(), listener.close()])
    },
  }
}

const channelOf = (prefix: string, domain: Domain) => `${prefix}:live:${domain}`

/** Announcements of all domains over one connection; each domain's channel is subscribed to once. */
function listenTo(listener: RedisClient, prefix: string): Bus['listen'] {
  const wakes = new Map<string, Set<() => void>>()
  const heard = new Map<Domain, Promise<void>>()
  const wakeAll = (domain: Domain) => (message: string) => {
    for (const key of JSON.parse(message) as string[]) for (const wake of wakes.get(`${domain} ${key}`) ?? []) wake()
  }
  const hear = async (domain: Domain) => {
    const hearing = heard.get(domain) ?? listener.subscribe(channelOf(prefix, domain), wakeAll(domain))
    heard.set(domain, hearing)
    try {
      await hearing
    } catch (error) {
      heard.delete(domain)
      throw error
    }
  }
  return async (domain, key, wake) => {
    await hear(domain)
    const topic = `${domain} ${key}`
    const set = wakes.get(topic) ?? new Set()
    wakes.set(topic, set.add(wake))
    return async () => {
      set.delete(wake)
      if (set.size === 0) wakes.delete(topic)
    }
  }
}

interface GroupOptions {
  readonly reader: RedisClient
  readonly subscription: Subscription
  readonly stream: (domain: Domain) => string
  readonly log: Log
  readonly claimAfterMs: number
}

/** Reads a group's streams until stopped: first what dead members left unconfirmed, then what is new. */
function readGroup({ reader, subscription, stream, log, claimAfterMs }: GroupOptions): Stop {
  const { group, domains, handle } = subscription
  const consumer = randomUUID()
  const keys = domains.map(stream)
  let stopped = false
  const ensureGroups = async () => {
    for (const key of keys) await reader.xGroupCreate(key, group, '0', { MKSTREAM: true }).catch(ignoreExisting)
  }
  const take = async (key: string, entries: readonly (Entry | null)[]) => {
    // Also when told to stop: what stays with a member that left comes to another one late, and after newer events.
    for (const entry of entries) {
      const text = entry?.message['event']
      if (!entry || text === undefined) continue
      await handle(JSON.parse(text) as PasarEvent)
      await reader.xAck(key, group, entry.id)
    }
  }
  const claim = async () => {
    for (const key of keys) {
      const { messages } = await reader.xAutoClaim(key, group, consumer, claimAfterMs, '0', { COUNT: readCount })
      await take(key, messages)
    }
  }
  const read = async () => {
    const wanted = keys.map((key) => ({ key, id: '>' }))
    const streams = await reader.xReadGroup(group, consumer, wanted, { COUNT: readCount, BLOCK: readBlockMs })
    for (const { name, messages } of streams ?? []) await take(name, messages)
  }
  const run = async () => {
    let claimedAt = 0
    let ready = false
    while (!stopped) {
      try {
        if (!ready) await ensureGroups()
        ready = true
        if (performance.now() - claimedAt > claimAfterMs / 3) {
          await claim()
          claimedAt = performance.now()
        }
        await read()
      } catch (error) {
        // NOGROUP after Redis was emptied, or a lost connection: make the groups again and go on.
        ready = false
        if (!stopped) log.warn({ ...errorDetails(error), group }, 'reading events failed, trying again')
        if (!stopped) await new Promise((resolve) => setTimeout(resolve, 200))
      }
    }
  }
  const running = run()
  return async () => {
    stopped = true
    await running
    await reader.close()
  }
}

function ignoreExisting(error: unknown): void {
  if (!String(error).includes('BUSYGROUP')) throw error
}
