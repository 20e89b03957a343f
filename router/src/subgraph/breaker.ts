import { routerLimits } from '../safety/limits.ts'

/** Keeps requests from a subgraph that does not answer: they would only wait, and hold what the rest of the market needs. */
export interface Breaker {
  /** Whether a fetch may go out now. While the breaker is open, one at a time may, to see whether the subgraph is back. */
  mayPass(): boolean
  /** Notes how a fetch that went out ended: answered by the subgraph (with whatever), or not at all. */
  note(answered: boolean): void
}

/** A breaker of one subgraph. `now` is in milliseconds and only goes forward. */
export function openBreaker(now: () => number = () => performance.now()): Breaker {
  const { breakerFailures, breakerOpenMs } = routerLimits
  let failures = 0
  let triedAt = -Infinity
  return {
    mayPass() {
      if (failures < breakerFailures) return true
      if (now() - triedAt < breakerOpenMs) return false
      triedAt = now()
      return true
    },
    note(answered) {
      failures = answered ? 0 : failures + 1
      if (failures === breakerFailures) triedAt = now()
    },
  }
}
