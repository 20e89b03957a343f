import type { Domain } from '@pasar/shared/domains'
import { limits } from '@pasar/shared/limits'
import { firstDue } from '../invariants/waiting.ts'
import { rowsOf } from './acts.ts'
import type { World } from './world.ts'

/** How often due work is looked for in a market that runs by itself; time moves in steps of this. */
const stepMs = limits.duePollMs

/** What was promised: everything is at its end so long after the last process is back. */
const healedWithinMs = 60_000

/** Longer than anybody outside rests who was not heard: that is their time, and not the market's being late. */
const outsideRestsMsMax = 45 * 60_000

/** Something that is due: where, and in how many milliseconds, on the grid of the steps. */
interface Due {
  /** Absent where it is the world outside that waits. */
  readonly domain?: Domain
  readonly inMs: number
}

/** What waits for a time. */
async function findDue(world: World): Promise<readonly Due[]> {
  const now = world.clock.now()
  const asked = firstDue.map(({ domain, sql }) => rowsOf<{ at: Date | null }>(world, domain, { name: 'due', sql, values: [now] }))
  const rows = await Promise.all(asked)
  const inMs = (at: Date) => Math.max(1, Math.ceil((at.getTime() - now.getTime()) / stepMs)) * stepMs
  const told = world.nextToldAt()
  return [
    ...rows.flatMap(([row], index) => (row?.at ? [{ domain: firstDue[index]!.domain, inMs: inMs(row.at) }] : [])),
    ...(told ? [{ inMs: inMs(told) }] : []),
  ]
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
 * Lets time pass until nothing is due within a minute of everybody's being back; dead processes come back after `downMs`. Time jumps from
 * one due thing to the next one, to where a market that looks every half second would find it; whoever has nothing due then is not asked.
 * What the world outside has to tell again is waited for, and the minute begins anew when it has.
 */
export async function heal(world: World, { downMs = 0, each = async () => undefined }: Healing = {}): Promise<void> {
  const start = world.clock.now().getTime()
  const passed = () => world.clock.now().getTime() - start
  const step = async (milliseconds: number, due: readonly Due[]) => {
    world.clock.advance(milliseconds)
    await world.settle(due.filter(({ inMs }) => inMs <= milliseconds).flatMap(({ domain }) => domain ?? []))
    await each()
  }
  let isBack = false
  /** Since when everybody is back. */
  let healsFrom = 0
  /** Who dies over what is left comes back at once. */
  const isWhole = async () => {
    if (world.isWhole()) return true
    await world.revive()
    healsFrom = passed()
    await step(0, [])
    return false
  }
  await world.settle()
  await each()
  // Where nobody is dead, nobody is waited for.
  const waitMs = world.isWhole() ? 0 : downMs
  healsFrom = waitMs
  for (;;) {
    const due = await findDue(world)
    const nextMs = Math.min(...due.map(({ inMs }) => inMs))
    if (!isBack && passed() + nextMs >= waitMs) {
      isBack = true
      await world.revive()
      await step(waitMs - passed(), due)
    } else if (!isBack) await step(nextMs, due)
    else if (!(await isWhole())) continue
    else if (passed() + nextMs <= healsFrom + healedWithinMs) await step(nextMs, due)
    else {
      const toldInMs = Math.min(...due.filter(({ domain }) => domain === undefined).map(({ inMs }) => inMs))
      if (toldInMs > outsideRestsMsMax) return
      await step(toldInMs, due)
      healsFrom = passed()
    }
  }
}
