import type { Texts } from '../locale.ts'
import { Unavailable } from '../problems.ts'

/** How many may wait, and what those are told who are too many. */
export interface FewByFewOptions {
  readonly perTurn: number
  readonly waitingMax: number
  /** What the log calls the work whose line is too long. */
  readonly what: string
  readonly busy: Texts
}

/**
 * Lets work begin a few at a time, each few in a turn of the event loop of their own: so what was begun goes on before more begins, and a
 * crowd that comes at the same moment does not stop everything else. Where few have come in this turn there is nothing to wait for.
 */
export function openFewByFew({ perTurn, waitingMax, what, busy }: FewByFewOptions): () => Promise<void> | undefined {
  const waiting: (() => void)[] = []
  let begun = 0
  const next = () => {
    const some = waiting.splice(0, perTurn)
    begun = some.length
    if (begun > 0) setImmediate(next)
    for (const begin of some) begin()
  }
  return () => {
    if (begun >= perTurn || waiting.length > 0) {
      if (waiting.length >= waitingMax) throw new Unavailable(what, busy)
      return new Promise((resolve) => waiting.push(resolve))
    }
    if (begun === 0) setImmediate(next)
    begun += 1
    return undefined
  }
}
