import { end, iteratorOf } from '@pasar/shared/flow/iterators'

const broken = Symbol('broken')

/** Announces values to followers by topic, and says how many follow. */
export function openNews() {
  const followers = new Map<string, Set<(value: unknown) => void>>()
  const of = (topic: string) => followers.get(topic) ?? new Set()
  return {
    tell: (topic: string, value: unknown) => of(topic).forEach((follower) => follower(value)),
    /** Makes what follows fail, as a subgraph that is lost does. */
    break: (topic: string) => of(topic).forEach((follower) => follower(broken)),
    count: (topic: string) => of(topic).size,
    /** An iterator over what is told from now on; ending it ends the wait. */
    follow(topic: string): AsyncIterableIterator<unknown> {
      const ready: unknown[] = []
      let wake: () => void = () => undefined
      let stopped = false
      const follower = (value: unknown) => {
        ready.push(value)
        wake()
      }
      followers.set(topic, of(topic).add(follower))
      const next = async (): Promise<IteratorResult<unknown>> => {
        while (!stopped && ready.length === 0) await new Promise<void>((resolve) => (wake = resolve))
        const value = ready.shift()
        if (value === broken) throw new Error('the subgraph is lost')
        return stopped ? end : { value, done: false }
      }
      return iteratorOf(next, async () => {
        stopped = true
        followers.get(topic)?.delete(follower)
        wake()
      })
    },
  }
}

/** See openNews. */
export type News = ReturnType<typeof openNews>
