import { createHash, randomUUID } from 'node:crypto'
import { errorDetails, type Log } from '@pasar/shared/log'
import { limits } from '@pasar/shared/limits'
import { inTime, reopenRedis } from '@pasar/shared/events/redis'
import { createClient } from 'redis'
import { clearScript, invalidateScript, writeScript } from './redis-scripts.ts'
import { readMsMax, type CacheStore, type Lookup, type Mark, type NewEntry, type StoreSize } from './store.ts'

/** Where the entries of all routers of a market are. */
export interface RedisStoreOptions {
  readonly url: string
  readonly prefix: string
  readonly log: Log
  readonly entryBytesMax: number
  readonly entriesMax: number
  readonly entriesOfTagMax: number
  /** Milliseconds that only grow. */
  readonly now: () => number
  /** A Redis that takes longer than this for an answer is taken for gone. */
  readonly answerMs?: number
  /** A connection over which nothing at all has come for this long, though something was asked, is given up. */
  readonly silentMs?: number
}

/** A fetch takes a few milliseconds: a cache that takes longer than this is none. */
const usualAnswerMs = 100

/** Of how many entries the length is looked at. */
const measuredMax = 100

type Client = ReturnType<typeof createClient>

/** A store in Redis, for all routers of a fleet. Rejects at once while Redis is gone; memory there is bounded by the entries' time and number. */
export function redisStore(options: RedisStoreOptions): CacheStore {
  const client = createClient({
    url: options.url,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1_000) },
  }) as Client
  client.on('error', (error: unknown) => options.log.debug(errorDetails(error), 'redis'))
  client.connect().catch((error: unknown) => options.log.debug(errorDetails(error), 'redis'))
  const store = new RedisStore(client, options)
  const answered = openDeadline(client, options)
  return {
    read: (keys) => (answered.mayWait() ? answered(store.read(keys)) : Promise.reject(new Error('Redis is slow'))),
    write: (entries, mark) => answered(store.write(entries, mark)),
    invalidate: (tags) => answered(store.invalidate(tags)),
    clear: () => answered(store.clear()),
    size: () => answered(store.size()),
    dump: () => store.dump(),
    stop: async () => client.destroy(),
  }
}

/** Each part of a page would wait for a Redis that is slow: after a second without one answer in time it is asked twice a second. */
const [slowMs, slowAgainMs] = [1_000, 500]

/**
 * Rejects what is answered late; `mayWait` says whether it is worth while to wait. The network may tell of a lost connection only after a
 * quarter of an hour, for as long as something is on its way into it: one that is silent is opened anew.
 */
function openDeadline(client: Client, { now, answerMs = usualAnswerMs, silentMs = limits.redisAnswerMs }: RedisStoreOptions) {
  let silentSince: number | undefined
  let lateSince: number | undefined
  let triedAt = 0
  const settled = () => void (silentSince = undefined)
  const onLate = () => {
    lateSince ??= now()
    silentSince ??= now()
    if (now() - silentSince < silentMs) return
    settled()
    reopenRedis(client)
  }
  const answered = <T>(asked: Promise<T>): Promise<T> => {
    asked.then(settled, settled)
    const answer = inTime(asked, { ms: answerMs, onLate })
    answer.then(
      () => (lateSince = undefined),
      () => undefined,
    )
    return answer
  }
  const mayWait = () => {
    if (lateSince === undefined || now() - lateSince < slowMs) return true
    if (now() - triedAt < slowAgainMs) return false
    triedAt = now()
    return true
  }
  return Object.assign(answered, { mayWait })
}

/** Epoch, when it ends by Redis' clock, and the text; undefined for what was kept before everything was dropped. */
function keptOf(kept: string | null, epoch: string): { readonly until: number; readonly text: string } | undefined {
  const start = epoch.length + 1
  if (kept?.startsWith(`${epoch}\n`) !== true) return undefined
  const end = kept.indexOf('\n', start)
  return { until: Number(kept.slice(start, end)), text: kept.slice(end + 1) }
}

class RedisStore {
  readonly #client: Client
  readonly #options: RedisStoreOptions
  /** Start of every key. */
  readonly #base: string
  readonly #meta: string
  /** The names of all entries, with when they end. */
  readonly #until: string

  constructor(client: Client, options: RedisStoreOptions) {
    this.#client = client
    this.#options = options
    this.#base = `${options.prefix}:cache:`
    this.#meta = `${this.#base}meta`
    this.#until = `${this.#base}until`
  }

  async read(keys: readonly string[]): Promise<Lookup> {
    const at = this.#options.now()
    // The mark comes before the values: what is written in between only looks newer than it is.
    const [[epoch, seq], texts, [seconds, micros]] = await Promise.all([
      this.#client.hmGet(this.#meta, ['epoch', 'seq']),
      this.#client.mGet(keys.map((key) => this.#entry(key))),
      this.#client.sendCommand<[string, string]>(['TIME']),
    ])
    const mark: Mark = { epoch: epoch ?? '', seq: Number(seq ?? 0), at }
    const found = texts.map((text) => keptOf(text, mark.epoch))
    const until = found.reduce((least, one) => Math.min(least, one?.until ?? Infinity), Infinity)
    const restMs = until - Number(seconds) * 1_000 - Math.floor(Number(micros) / 1_000)
    return { mark, values: found.map((one) => one?.text), restMs }
  }

  async write(entries: readonly NewEntry[], mark: Mark): Promise<number> {
    const { now, entryBytesMax } = this.#options
    if (mark.epoch === '' || now() - mark.at > readMsMax) return 0
    const fitting = entries.filter(({ key, text }) => 2 * (key.length + text.length) <= entryBytesMax)
    const written = await Promise.all(fitting.map((entry) => this.#writeOne(entry, mark)))
    return written.reduce((sum, one) => sum + one, 0)
  }

  async invalidate(tags: readonly string[]): Promise<number> {
    const keys = [this.#meta, this.#until, ...tags.flatMap((tag) => this.#keysOfTag(tag))]
    return Number(await this.#client.eval(invalidateScript, { keys, arguments: [String(2 * readMsMax)] }))
  }

  async clear(): Promise<void> {
    await this.#client.eval(clearScript, { keys: [this.#meta], arguments: [randomUUID()] })
  }

  /** Read as a whole it would be as much as Redis does in a second: some of the entries say about how long the others are. */
  async size(): Promise<StoreSize> {
    const [[seconds, micros], some] = await Promise.all([
      this.#client.sendCommand<[string, string]>(['TIME']),
      this.#client.zRandMemberCount(this.#until, measuredMax),
    ])
    const now = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000)
    const [entries, ...measured] = await Promise.all([
      this.#client.zCount(this.#until, `(${now}`, '+inf'),
      ...some.map((entry) => this.#client.strLen(entry)),
    ])
    const lengths = measured.filter((bytes) => bytes > 0)
    const mean = lengths.reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, lengths.length)
    return { entries, bytes: Math.round(entries * mean) }
  }

  async dump(): Promise<string[]> {
    const found: string[] = []
    for await (const keys of this.#client.scanIterator({ MATCH: `${this.#base}e:*`, COUNT: 500 })) {
      if (keys.length === 0) continue
      for (const text of await this.#client.mGet(keys)) if (text !== null) found.push(text)
    }
    return found
  }

  async #writeOne({ key, tags, text, maxAgeMs }: NewEntry, { epoch, seq }: Mark): Promise<number> {
    const { entriesMax, entriesOfTagMax } = this.#options
    const keys = [this.#meta, this.#entry(key), this.#until, ...tags.flatMap((tag) => this.#keysOfTag(tag))]
    const given = [epoch, seq, text, maxAgeMs, entriesOfTagMax, entriesMax].map(String)
    return Number(await this.#client.eval(writeScript, { keys, arguments: given }))
  }

  #entry(key: string): string {
    return `${this.#base}e:${createHash('sha256').update(key).digest('base64url')}`
  }

  /** When it was invalidated, and the names of the entries that have it, with when they end. */
  #keysOfTag(tag: string): string[] {
    return [`${this.#base}t:${tag}`, `${this.#base}n:${tag}`]
  }
}
