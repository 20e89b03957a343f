import type { Texts } from './locale.ts'
import { Unavailable } from './problems.ts'

/** How much may run at once, and how much may wait. */
export interface SlotOptions {
  readonly atOnce: number
  readonly waitingMax: number
  /** What the log calls the work whose line is too long. */
  readonly what: string
  /** What the person is told who is sent away. */
  readonly busy: Texts
}

/** Runs work when one of a few slots is free, first come first served, and tells it whether it had to wait. */
export function openSlots({ atOnce, waitingMax, what, busy }: SlotOptions) {
  const waiting: (() => void)[] = []
  let free = atOnce
  const release = () => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  const enter = async () => {
    if (free > 0) {
      free -= 1
      return false
    }
    if (waiting.length >= waitingMax) throw new Unavailable(what, busy)
    await new Promise<void>((resolve) => waiting.push(resolve))
    return true
  }
  return async <T>(work: (waited: boolean) => Promise<T>): Promise<T> => {
    const waited = await enter()
    try {
      return await work(waited)
    } finally {
      release()
    }
  }
}
