/** Numbers from 0 to 1 that a seed decides (mulberry32): a run that went wrong can be repeated. */
export function openRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    upTo: (max) => Math.floor(next() * max),
    of: (values) => values[Math.floor(next() * values.length)]!,
  }
}

/** Choices that a seed decides. */
export interface Random {
  /** A whole number from 0 to below `max`. */
  upTo(max: number): number
  of<T>(values: readonly T[]): T
}
