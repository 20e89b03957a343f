import type { Stop } from '../events/bus.ts'
import { limits } from '../limits.ts'
import { errorDetails, type Log } from '../log.ts'

/**
 * Due work of a subgraph: publishing, deadlines, sagas. `run` does all that is due now and says how much it did; where others make each step
 * of it wait, it begins no more of them once `stopping`.
 */
export interface Worker {
  readonly name: string
  readonly everyMs: number
  /** Whether each commit of its subgraph wakes it; its own must then have nothing more to find. */
  readonly onCommit?: true
  run(stopping?: AbortSignal): Promise<number>
}

/**
 * A worker's loop: runs at its interval and at once when woken, never twice at the same time, and rests a little after each run, so that it
 * finds more to do at once where it is woken all the time. A failed run is logged and tried again; one that goes on failing in the same way
 * is logged the second, fourth, eighth time and so on, and that it works again.
 */
export function startLoop(worker: Worker, log: Log): { wake(): void; stop: Stop } {
  const stopping = new AbortController()
  const { signal } = stopping
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false
  let restsUntil = 0
  const { name } = worker
  const failing = { times: 0, how: '' }
  const run = async () => {
    try {
      await worker.run(signal)
      if (failing.times > 0) log.warn({ worker: name, failures: failing.times }, 'worker works again')
      failing.times = 0
    } catch (error) {
      failing.times = String(error) === failing.how ? failing.times + 1 : 1
      failing.how = String(error)
      if (!signal.aborted && isPowerOfTwo(failing.times))
        log.error({ ...errorDetails(error), worker: name, failures: failing.times }, 'worker failed, trying again')
    }
  }
  const turn = () => {
    clearTimeout(timer)
    if (signal.aborted) return
    if (running) {
      again = true
      return
    }
    const rest = restsUntil - performance.now()
    if (rest > 0) {
      timer = setTimeout(turn, rest)
      return
    }
    again = false
    running = run().finally(() => {
      running = undefined
      restsUntil = performance.now() + limits.wakeRestMs
      if (!signal.aborted) timer = setTimeout(turn, again ? limits.wakeRestMs : worker.everyMs)
    })
  }
  timer = setTimeout(turn, worker.everyMs)
  return {
    wake: turn,
    stop: async () => {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}

const isPowerOfTwo = (count: number) => (count & (count - 1)) === 0

/** The loops of several workers: they begin together and end together, and never begin again. */
export function openLoops(workers: readonly Worker[], log: Log): { begin(): void; wake(): void; stop: Stop } {
  let loops: readonly (ReturnType<typeof startLoop> & Pick<Worker, 'onCommit'>)[] = []
  let stopped = false
  return {
    begin: () => {
      if (!stopped) loops = workers.map((worker) => ({ ...startLoop(worker, log), ...(worker.onCommit && { onCommit: true }) }))
    },
    wake: () => loops.forEach((loop) => loop.onCommit && loop.wake()),
    stop: async () => {
      stopped = true
      await Promise.all(loops.map((loop) => loop.stop()))
    },
  }
}
