/** Where time comes from. */
export interface Clock {
  now(): Date
}

/** The machine's time. */
export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still until a test moves it. */
export interface FixedClock extends Clock {
  set(time: Date): void
  advance(milliseconds: number): void
}

/** A fixed clock, at noon in Jakarta on a plain working day unless told otherwise. */
export function fixedClock(start = new Date('2026-11-18T05:00:00.000Z')): FixedClock {
  let time = start.getTime()
  return {
    now: () => new Date(time),
    set: (to) => {
      time = to.getTime()
    },
    advance: (milliseconds) => {
      time += milliseconds
    },
  }
}
