import { randomFrom } from '../random.ts'

/** Choices that a seed decides: a run that went wrong can be repeated. */
export function openRandom(seed: number): Random {
  const next = randomFrom(seed)
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
