import { redisInstalled } from '@pasar/shared/testing/redis'
import { describe } from 'vitest'

/**
 * How a market of a test runs. A fleet is here what its processes are, each subgraph, the router and the simulators on a server of its
 * own and each with its own connections to one Redis, but in this process: so the clock stands still and all due work can be done at
 * will. That the demo plays through in real processes is told by fleet.test.ts.
 *
 * Not told twice: the budgets, because fetches and statements are counted where both ways are the same code; the playground, because a
 * browser sees nothing but the router.
 */
export type Way = 'in one process' | 'as a fleet'

/** Tells the same stories of a market in one process and of a fleet. */
export function inBothWays(tell: (way: Way) => void): void {
  describe('in one process', () => tell('in one process'))
  describe.runIf(redisInstalled())('as a fleet, over Redis, HTTP and WebSocket', () => tell('as a fleet'))
}
