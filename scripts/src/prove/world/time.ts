import { rowsOf } from './acts.ts'
import type { World } from './world.ts'

/** How often due work is looked for in a market that runs by itself; time moves in steps of this. */
const stepMs = 500

/** What was promised: everything is at its end so long after the last process is back. */
export const healedWithinMs = 60_000

/** When something is due that waits for a time: leases, back-offs and errands. */
const waiting = [
  {
    domain: 'orders',
    sql: `SELECT min(greatest(next_try_at, lease_until + interval '1 ms')) AS at FROM saga WHERE next_try_at IS NOT NULL`,
  },
  { domain: 'payments', sql: `SELECT min(next_try_at) AS at FROM refund WHERE state = 'REQUESTED'` },
  {
    domain: 'logistics',
    sql: `SELECT min(next_try_at) AS at FROM shipment WHERE tracking_number IS NULL AND status <> 'CANCELLED'`,
  },
] as const

/** The next time at which something is due, on the grid of the steps; undefined when nothing waits. */
async function nextDue(world: World): Promise<number | undefined> {
  const now = world.clock.now().getTime()
  const times: number[] = []
  for (const { domain, sql } of waiting) {
    const [row] = await rowsOf<{ at: Date | null }>(world, domain, { sql })
    if (row?.at) times.push(row.at.getTime())
  }
  if (times.length === 0) return undefined
  return Math.max(1, Math.ceil((Math.min(...times) - now) / stepMs)) * stepMs
}

/** What is called after each step of time. */
export type EachStep = () => Promise<void>

/** How a market heals. */
export interface Healing {
  /** How long whoever is dead stays so. */
  readonly downMs?: number
  readonly each?: EachStep
}

/**
 * Lets time pass until nothing is due within a minute any more; dead processes come back after `downMs`. Time jumps from one due thing to
 * the next one, to where a market that looks every half second would find it. Answers how long it took after they were back.
 */
export async function heal(world: World, { downMs = 0, each = async () => undefined }: Healing = {}): Promise<number> {
  const start = world.clock.now().getTime()
  const passed = () => world.clock.now().getTime() - start
  const step = async (milliseconds: number) => {
    world.clock.advance(milliseconds)
    await world.settle()
    await each()
  }
  let isBack = false
  /** Who dies over what is left comes back at once. */
  const isWhole = async () => {
    if (world.isWhole()) return true
    await world.revive()
    await step(0)
    return false
  }
  await step(0)
  for (;;) {
    const due = await nextDue(world)
    if (!isBack && (due === undefined || passed() + due >= downMs)) {
      isBack = true
      world.clock.advance(downMs - passed())
      await world.revive()
      await step(0)
    } else if (!isBack) await step(due!)
    else if (!(await isWhole())) continue
    else if (due === undefined || passed() + due > downMs + healedWithinMs) return passed() - downMs
    else await step(due)
  }
}
