import { end, iteratorOf } from '@pasar/shared/flow/iterators'

/** An entry of a journal as its followers get it. */
export interface Entry {
  readonly cursor: string
  readonly [field: string]: unknown
}

const lost = Symbol('lost')

/** What happened, by topic, kept for those who come back with a cursor: as the subgraphs of the market do it. */
export function openJournal() {
  const entries = new Map<string, Entry[]>()
  const followers = new Map<string, Set<() => void>>()
  const losses = new Map<string, number>()
  const failing = new Set<string>()
  const opened: string[] = []
  const wakeAll = (topic: string) => followers.get(topic)?.forEach((wake) => wake())
  return {
    /** Says with which cursor each stream was opened. */
    opened,
    add(topic: string, fields: Readonly<Record<string, unknown>>): void {
      const known = entries.get(topic) ?? []
      entries.set(topic, [...known, { cursor: `${topic} ${known.length + 1}`, ...fields }])
      wakeAll(topic)
    },
    count: (topic: string) => followers.get(topic)?.size ?? 0,
    /** Loses every stream of a topic, as a subgraph that is killed does. */
    lose(topic: string): void {
      losses.set(topic, (losses.get(topic) ?? 0) + 1)
      wakeAll(topic)
    },
    /** Fails who follows a topic next, as a subgraph does whose database is not back yet. */
    failNext: (topic: string) => void failing.add(topic),
    follow(topic: string, after: string | null | undefined): AsyncIterableIterator<Entry> {
      if (failing.delete(topic)) throw new Error('the database is starting up')
      const all = () => entries.get(topic) ?? []
      const born = losses.get(topic) ?? 0
      let next = after == null ? all().length : Number(after.split(' ').at(-1))
      let wake: () => void = () => undefined
      let stopped = false
      const call = () => wake()
      opened.push(after ?? 'now')
      followers.set(topic, (followers.get(topic) ?? new Set()).add(call))
      const take = async (): Promise<typeof lost | IteratorResult<Entry>> => {
        for (;;) {
          if (stopped) return end
          if ((losses.get(topic) ?? 0) > born) return lost
          const entry = all()[next]
          if (entry) {
            next += 1
            return { value: entry, done: false }
          }
          await new Promise<void>((resolve) => (wake = resolve))
        }
      }
      const stop = async () => {
        stopped = true
        followers.get(topic)?.delete(call)
        wake()
      }
      return iteratorOf(async () => {
        const result = await take()
        if (result !== lost) return result
        await stop()
        throw new Error('the subgraph was killed')
      }, stop)
    },
  }
}

/** See openJournal. */
export type Journal = ReturnType<typeof openJournal>
