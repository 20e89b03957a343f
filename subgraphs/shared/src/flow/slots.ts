import type { Texts } from '../locale.ts'
import { Unavailable } from '../problems.ts'

/** How much may run at once, and how much may wait. */
export interface SlotOptions {
  readonly atOnce: number
  readonly waitingMax: number
  /** For how long; for ever when absent. */
  readonly waitingMs?: number
  /** What the log calls the work whose line is too long. */
  readonly what: string
  /** What the person is told who is sent away. */
  readonly busy: Texts
}

/**
 * Runs work when one of a few slots is free, first come first served, and tells it whether it had to wait. Whoever is told to leave the line
 * gets the signal's reason; work that has begun is not disturbed.
 */
export function openSlots({ atOnce, waitingMax, waitingMs, what, busy }: SlotOptions) {
  const waiting: (() => void)[] = []
  let free = atOnce
  const release = () => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  const enter = async (leaving?: AbortSignal) => {
    if (free > 0) {
      free -= 1
      return false
    }
    if (waiting.length >= waitingMax) throw new Unavailable(what, busy)
    await new Promise<void>((resolve, reject) => {
      const leave = (reason: unknown) => {
        waiting.splice(waiting.indexOf(go), 1)
        end()
        reject(reason)
      }
      const told = () => leave(leaving!.reason)
      const late = waitingMs === undefined ? undefined : setTimeout(() => leave(new Unavailable(what, busy)), waitingMs)
      const end = () => {
        clearTimeout(late)
        leaving?.removeEventListener('abort', told)
      }
      const go = () => {
        end()
        resolve()
      }
      leaving?.addEventListener('abort', told)
      waiting.push(go)
    })
    return true
  }
  return async <T>(work: (waited: boolean) => Promise<T>, leaving?: AbortSignal): Promise<T> => {
    const waited = await enter(leaving)
    try {
      return await work(waited)
    } finally {
      release()
    }
  }
}
