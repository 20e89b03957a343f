import { readMsMax, type CacheStore, type Lookup, type Mark, type NewEntry } from './store.ts'

/** What bounds a store in memory. */
export interface MemoryStoreOptions {
  readonly bytesMax: number
  readonly entryBytesMax: number
  /** Milliseconds that only grow. */
  readonly now: () => number
}

interface Kept {
  readonly text: string
  readonly tags: readonly string[]
  readonly bytes: number
  readonly until: number
  /** Since its turn to go came last. */
  isUsed: boolean
}

/** Maps, strings and numbers of one entry. */
const overheadBytes = 300

/** A store in this process: the entries that are used, within a number of bytes. */
export function memoryStore(options: MemoryStoreOptions): CacheStore {
  const store = new MemoryStore(options)
  return {
    read: (keys) => store.read(keys),
    write: (entries, mark) => store.write(entries, mark),
    invalidate: (tags) => store.invalidate(tags),
    clear: () => store.clear(),
    size: () => store.size(),
    dump: () => store.dump(),
    stop: async () => store.clear(),
  }
}

class MemoryStore {
  readonly #options: MemoryStoreOptions
  /** In the order in which they go, unless they were used since they were put there: writing that down with each use would cost more. */
  readonly #kept = new Map<string, Kept>()
  readonly #keysOf = new Map<string, Set<string>>()
  /** When each tag was invalidated last, the oldest first. */
  readonly #invalidated = new Map<string, Mark>()
  #seq = 0
  #epoch = '0'
  #bytes = 0

  constructor(options: MemoryStoreOptions) {
    this.#options = options
  }

  read(keys: readonly string[]): Lookup {
    const now = this.#options.now()
    const values: (string | undefined)[] = []
    let until = Infinity
    for (let index = 0; index < keys.length; index++) {
      const kept = this.#get(keys[index]!, now)
      if (kept && kept.until < until) until = kept.until
      values.push(kept?.text)
    }
    return { values, mark: { seq: this.#seq, epoch: this.#epoch, at: now }, restMs: until - now }
  }

  write(entries: readonly NewEntry[], mark: Mark): number {
    const { now } = this.#options
    if (mark.epoch !== this.#epoch || now() - mark.at > readMsMax) return 0
    let written = 0
    for (const entry of entries) {
      if (entry.tags.some((tag) => (this.#invalidated.get(tag)?.seq ?? 0) > mark.seq)) continue
      if (this.#put(entry)) written += 1
    }
    return written
  }

  invalidate(tags: readonly string[]): number {
    this.#seq += 1
    this.#forgetOld()
    const mark: Mark = { seq: this.#seq, epoch: this.#epoch, at: this.#options.now() }
    const before = this.#kept.size
    for (const tag of tags) {
      // Again at the end, for the order is that of time.
      this.#invalidated.delete(tag)
      this.#invalidated.set(tag, mark)
      for (const key of this.#keysOf.get(tag) ?? []) this.#drop(key)
    }
    return before - this.#kept.size
  }

  clear(): void {
    this.#epoch = String(Number(this.#epoch) + 1)
    this.#kept.clear()
    this.#keysOf.clear()
    this.#invalidated.clear()
    this.#bytes = 0
  }

  size() {
    return { entries: this.#kept.size, bytes: this.#bytes }
  }

  dump(): string[] {
    return [...this.#kept].map(([key, { text }]) => `${key} ${text}`)
  }

  #get(key: string, now: number): Kept | undefined {
    const kept = this.#kept.get(key)
    if (!kept) return undefined
    if (kept.until <= now) {
      this.#drop(key)
      return undefined
    }
    kept.isUsed = true
    return kept
  }

  #put({ key, tags, text, maxAgeMs }: NewEntry): boolean {
    const { bytesMax, entryBytesMax, now } = this.#options
    const bytes = 2 * (key.length + text.length) + overheadBytes
    if (bytes > entryBytesMax) return false
    this.#drop(key)
    this.#makeRoom(bytesMax - bytes)
    this.#kept.set(key, { text, tags, bytes, until: now() + maxAgeMs, isUsed: false })
    this.#bytes += bytes
    for (const tag of tags) {
      const keys = this.#keysOf.get(tag)
      if (keys) keys.add(key)
      else this.#keysOf.set(tag, new Set([key]))
    }
    return true
  }

  #makeRoom(bytesMax: number): void {
    for (const [key, kept] of this.#kept) {
      if (this.#bytes <= bytesMax) break
      if (!kept.isUsed) {
        this.#drop(key)
        continue
      }
      // Comes by again in the same loop, after all others.
      kept.isUsed = false
      this.#kept.delete(key)
      this.#kept.set(key, kept)
    }
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key)
    if (!kept) return
    this.#kept.delete(key)
    this.#bytes -= kept.bytes
    for (const tag of kept.tags) {
      const keys = this.#keysOf.get(tag)
      keys?.delete(key)
      if (keys?.size === 0) this.#keysOf.delete(tag)
    }
  }

  #forgetOld(): void {
    const since = this.#options.now() - readMsMax
    for (const [tag, { at }] of this.#invalidated) {
      if (at >= since) break
      this.#invalidated.delete(tag)
    }
  }
}
