import { randomUUID } from 'node:crypto'
import type { PasarEvent } from '@pasar/schema/events'
import { keysOf, type Bus, type Stop, type Subscription } from './bus.ts'
import type { Domain } from '../domains.ts'
import { limits } from '../limits.ts'
import { errorDetails, type Log } from '../log.ts'
import { closeRedis, inTime, openRedis, reopenRedis, type RedisClient } from './redis.ts'
import { followStreams, streamOf } from './redis-follow.ts'

/** How to reach Redis. The prefix has no default: two markets must never share streams by accident. */
export interface RedisBusOptions {
  readonly url: string
  readonly prefix: string
  readonly log: Log
  /** A member that does not confirm an event for this long loses it to another member. */
  readonly claimAfterMs?: number
  /** A Redis that is silent for this long is away. */
  readonly answerMs?: number
}

const readBlockMs = 1_000
const readCount = 50

interface Entry {
  readonly id: string
  readonly message: Readonly<Record<string, string>>
}

/**
 * The bus of a fleet: one Redis Stream per domain with a consumer group per subgraph, and Pub/Sub for announcements. While Redis is away
 * nothing waits for it: what is to be handed over fails, and whoever listens or consumes goes on when it is back.
 */
export async function redisBus({ url, prefix, log, ...times }: RedisBusOptions): Promise<Bus> {
  const { claimAfterMs = 15_000, answerMs = limits.redisAnswerMs } = times
  const commands = await openRedis(url, log, { failsWhileAway: true, answerMs })
  const listener = await openRedis(url, log, { answerMs })
  const stops = new Set<Stop>()
  const stream = (domain: Domain) => streamOf(prefix, domain)
  const deadline = { ms: answerMs, onLate: () => reopenRedis(commands) }
  const wake: Bus['wake'] = async (domain, keys) =>
    void (await inTime(commands.publish(channelOf(prefix, domain), JSON.stringify(keys)), deadline))
  return {
    async publish(domain, events) {
      // Ids of entries begin with Redis's own time in milliseconds.
      const threshold = Date.now() - limits.streamsKeptDays * 86_400_000
      const entries = events.flatMap((event) => [JSON.stringify(event), String(event.position)])
      const given = { keys: [stream(domain)], arguments: [String(threshold), ...entries] }
      await inTime(commands.eval(publishScript, given), deadline)
    },
    async consume(subscription) {
      const reader = await openRedis(url, log, { answerMs })
      const stop = readGroup({ reader, subscription, stream, log, claimAfterMs, answerMs })
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
    announce: (domain, events) => wake(domain, keysOf(events)),
    wake,
    listen: listenTo(listener, prefix, answerMs),
    async heldUpTo(domain) {
      const [newest] = (await inTime(commands.xRevRange(stream(domain), '+', '-', { COUNT: 1 }), deadline)) ?? []
      return newest ? Number(newest.message['position']) : 0
    },
    async stop() {
      for (const stop of stops) await stop()
      await Promise.all([commands, listener].map((client) => closeRedis(client, answerMs)))
    },
  }
}

/**
 * Adds a batch to a stream, in its order: all of it, or nothing where there is no room. In one question, for a relay has only so much time: asked
 * for each event, a Redis that takes long over an answer would be given the beginning of the same batch again and again, and never its end.
 */
const publishScript = `for i = 2, #ARGV, 2 do
  redis.call('XADD', KEYS[1], 'MINID', '~', ARGV[1], '*', 'event', ARGV[i], 'position', ARGV[i + 1]) end`

const channelOf = (prefix: string, domain: Domain) => `${prefix}:live:${domain}`

/**
 * Announcements of all domains over one connection; each domain's channel is subscribed to once. Where Redis is away nobody waits for it:
 * it is subscribed to when it is back.
 */
function listenTo(listener: RedisClient, prefix: string, answerMs: number): Bus['listen'] {
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
    const topic = `${domain} ${key}`
    const set = wakes.get(topic) ?? new Set()
    wakes.set(topic, set.add(wake))
    await inTime(hear(domain), { ms: answerMs }).catch(() => undefined)
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
  readonly answerMs: number
}

/** Takes a member out of its group, unless it has entries left: they go to another member, and would be lost with the name. */
const leaveScript = `if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) == 0 then
  return redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2]) end`

/** A little more than a relay goes back that looks for what is lost: what is forgotten is not taken for lost. */
const forgottenAfterMs = limits.streamsKeptDays * 86_400_000 + 3_600_000

/** The time that an entry's id begins with. */
const timeOf = (id: string) => Number(id.split('-', 1)[0])

/** One member of a group: what it asks of Redis, and handles. */
function memberOf({ reader, subscription, stream, claimAfterMs, answerMs }: GroupOptions) {
  const { group, domains, handle } = subscription
  const consumer = randomUUID()
  const keys = domains.map(stream)
  const ask = <T>(asked: Promise<T>) => inTime(asked, { ms: readBlockMs + answerMs, onLate: () => reopenRedis(reader) })
  /** Handles and confirms entries; says how many. */
  const take = async (key: string, entries: readonly (Entry | null)[]) => {
    let taken = 0
    // Also when told to stop: what stays with a member that left comes to another one late, and after newer events.
    for (const entry of entries) {
      const text = entry?.message['event']
      if (!entry || text === undefined) continue
      await handle(JSON.parse(text) as PasarEvent)
      await ask(reader.xAck(key, group, entry.id))
      taken += 1
    }
    return taken
  }
  return {
    ensureGroups: async () => {
      for (const key of keys) await ask(reader.xGroupCreate(key, group, '0', { MKSTREAM: true })).catch(ignoreExisting)
    },
    /** All that dead members left unconfirmed. */
    claim: async (isStopped: () => boolean) => {
      for (const key of keys) {
        let from = '0-0'
        do {
          const { nextId, messages } = await ask(
            reader.xAutoClaim(key, group, consumer, claimAfterMs, from, { COUNT: readCount }),
          )
          await take(key, messages)
          from = nextId
        } while (from !== '0-0' && !isStopped())
      }
    },
    /** Removes what is over its time and every group is done with, to the last entry: publishing only removes many at once. */
    forget: async () => {
      for (const key of keys) {
        const before = [Date.now() - forgottenAfterMs]
        for (const { name, pending, 'last-delivered-id': last } of await ask(reader.xInfoGroups(key))) {
          const { firstId } = pending > 0 ? await ask(reader.xPending(key, name)) : { firstId: null }
          before.push(timeOf(firstId ?? last))
        }
        await ask(reader.xTrim(key, 'MINID', Math.min(...before)))
      }
    },
    /** The first of what this member has taken and not confirmed; says whether it did something. Claimed, what was removed since is let go of. */
    resume: async () => {
      let done = 0
      for (const key of keys) {
        const ids = (await ask(reader.xPendingRange(key, group, '-', '+', readCount, { consumer }))).map(({ id }) => id)
        const entries = ids.length === 0 ? [] : await ask(reader.xClaim(key, group, consumer, 0, ids))
        done += ids.length - entries.length + (await take(key, entries))
      }
      return done > 0
    },
    /** What is new. */
    read: async () => {
      const wanted = keys.map((key) => ({ key, id: '>' }))
      const streams = await ask(reader.xReadGroup(group, consumer, wanted, { COUNT: readCount, BLOCK: readBlockMs }))
      for (const { name, messages } of streams ?? []) await take(name, messages)
    },
    leave: () => Promise.all(keys.map((key) => reader.eval(leaveScript, { keys: [key], arguments: [group, consumer] }))),
  }
}

/**
 * Reads a group's streams until stopped: first all that dead members left unconfirmed, then what is new. Where something fails, nothing else
 * is taken before all that was taken is handled.
 */
function readGroup(options: GroupOptions): Stop {
  const { reader, subscription, log, claimAfterMs, answerMs } = options
  const member = memberOf(options)
  let stopped = false
  const run = async () => {
    let claimedAt = 0
    let forgotAt = -Infinity
    let ready = false
    while (!stopped) {
      try {
        if (!ready) await member.ensureGroups()
        if (!ready) while (!stopped && (await member.resume()));
        if (!ready || performance.now() - claimedAt > claimAfterMs / 3) {
          await member.claim(() => stopped)
          claimedAt = performance.now()
        }
        ready = true
        if (performance.now() - forgotAt > limits.housekeepingMs) {
          forgotAt = performance.now()
          await member.forget().catch((error: unknown) => log.warn(errorDetails(error), 'old events stay in Redis'))
        }
        if (!stopped) await member.read()
      } catch (error) {
        // NOGROUP after Redis was emptied, a lost connection, or an event that was not handled: make the groups again and go on.
        ready = false
        if (!stopped) log.warn({ ...errorDetails(error), group: subscription.group }, 'reading events failed, trying again')
        if (!stopped) await new Promise((resolve) => setTimeout(resolve, 200))
      }
    }
  }
  const running = run()
  return async () => {
    stopped = true
    await running
    // Only tidiness: a name without entries does no harm.
    if (reader.isReady) await inTime(member.leave(), { ms: answerMs }).catch(() => undefined)
    await closeRedis(reader, answerMs)
  }
}

function ignoreExisting(error: unknown): void {
  if (!String(error).includes('BUSYGROUP')) throw error
}
