import type { Texts } from '@pasar/shared/locale'
import { Unavailable } from '@pasar/shared/problems'

/** How much may run at once, and how much may wait. */
export interface SlotOptions {
  readonly atOnce: number
  readonly waitingMax: number
  /** What the log calls the work whose line is too long. */
  readonly what: string
  /** What the person is told who is sent away. */
  readonly busy: Texts
}

/** Runs work when one of a few slots is free, first come first served. */
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
      return
    }
    if (waiting.length >= waitingMax) throw new Unavailable(what, busy)
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
  return async <T>(work: () => Promise<T>): Promise<T> => {
    await enter()
    try {
      return await work()
    } finally {
      release()
    }
  }
}
