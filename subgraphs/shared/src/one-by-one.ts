import type { Texts } from './locale.ts'
import { Unavailable } from './problems.ts'

/** How many may wait, and what those are told who are too many. */
export interface OneByOneOptions {
  readonly waitingMax: number
  /** What the log calls the work whose line is too long. */
  readonly what: string
  readonly busy: Texts
}

/**
 * Lets work begin one by one, each in a turn of the event loop of its own: so what was begun goes on before the next one begins, and a crowd
 * that comes at the same moment does not stop everything else. Where nobody else has come in this turn there is nothing to wait for.
 */
export function openOneByOne({ waitingMax, what, busy }: OneByOneOptions): () => Promise<void> | undefined {
  let waiting: (() => void)[] = []
  let from = 0
  let isTaken = false
  const next = () => {
    const go = waiting[from]
    if (!go) {
      isTaken = false
      waiting = []
      from = 0
      return
    }
    from += 1
    setImmediate(next)
    go()
  }
  return () => {
    if (isTaken) {
      if (waiting.length - from >= waitingMax) throw new Unavailable(what, busy)
      return new Promise((resolve) => waiting.push(resolve))
    }
    isTaken = true
    setImmediate(next)
    return undefined
  }
}
