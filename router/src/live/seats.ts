import type { Leave } from './follower.ts'

/** Places that are limited in total and for each holder. */
export interface Seats {
  /** Takes one; undefined when there is none left, in all or for this holder. */
  take(holder: string, holderMax: number): Leave | undefined
}

/** Opens a row of places. */
export function openSeats(max: number): Seats {
  const held = new Map<string, number>()
  let total = 0
  const add = (holder: string, change: 1 | -1) => {
    total += change
    const count = (held.get(holder) ?? 0) + change
    if (count === 0) held.delete(holder)
    else held.set(holder, count)
  }
  return {
    take(holder, holderMax) {
      if (total >= max || (held.get(holder) ?? 0) >= holderMax) return undefined
      add(holder, 1)
      let taken = true
      return () => {
        if (taken) add(holder, -1)
        taken = false
      }
    },
  }
}
