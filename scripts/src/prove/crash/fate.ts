import type { MemberName } from '../world/member.ts'
import type { Actor, Death } from './deaths.ts'

/** Picks one of several by chance. */
export type Choose = <T>(choices: readonly T[]) => T

/** A death that comes now. */
interface Struck {
  readonly actor: Actor
  readonly victims: readonly MemberName[]
}

/** A death that may come, and the one that it is the second of. */
interface Pending {
  readonly death: Death
  readonly first?: { readonly death: Death; readonly passedBefore: number }
}

/** The deaths of one story: when each comes, which have come, and which have not. */
export function openFate(deaths: readonly Death[], choose: Choose) {
  const pending: Pending[] = deaths.map((death) => ({ death }))
  const passed: string[] = []
  const reached = new Map<string, number>()
  const died: Death[] = []
  let pairs = 0
  /** At a boundary that was reached after the first: another story than the one that was planned for it. */
  const again = ({ death, first }: Pending): Death => {
    if (!first) return death
    const after = [...new Set(passed.slice(first.passedBefore))]
    return { ...first.death, next: { ...death, nth: 1, ...(after.length > 0 && { point: choose(after) }) } }
  }
  return {
    /** A boundary is reached: who dies there now. Nobody dies where not every one of the victims lives: that death waits for another time. */
    strike: (point: string, victimsOf: (actor: Actor) => readonly MemberName[] | undefined): Struck | undefined => {
      passed.push(point)
      const count = (reached.get(point) ?? 0) + 1
      reached.set(point, count)
      for (const [index, { death, first }] of pending.entries()) {
        if (death.point !== point || death.nth > count) continue
        const victims = victimsOf(death.actor)
        if (!victims) continue
        pending.splice(index, 1)
        died.push(death)
        if (first) pairs += 1
        const { next } = death
        if (next) {
          const nth = (reached.get(next.point) ?? 0) + next.nth
          pending.push({ death: { ...next, nth }, first: { death, passedBefore: passed.length } })
        }
        return { actor: death.actor, victims }
      }
      return undefined
    },
    told: () => ({ died, pairs, missed: pending.map(again), passed }),
  }
}
