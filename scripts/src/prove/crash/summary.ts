import type { Invariant } from '../invariants/broken.ts'
import type { Fault, Tally } from './tell-all.ts'

/** One summary of all that was told. */
export interface CrashSummary {
  readonly ok: boolean
  readonly seed: number
  readonly points: number
  readonly pointsWithoutStory: readonly string[]
  readonly seeds: number
  readonly pairs: number
  readonly tellings: number
  readonly deaths: number
  readonly deathsOf: Readonly<Record<string, number>>
  /** Acknowledged and gone (I7). */
  readonly lost: number
  /** Effects that came twice (I4, I8, stock sold twice). */
  readonly doubled: number
  readonly unbalancedSnapshots: number
  readonly snapshots: number
  /** Not at its end a minute after the last process was back (I5). */
  readonly notTerminal: number
  readonly otherwiseBroken: number
  readonly takeovers: { readonly count: number; readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number }
  readonly seconds: number
  readonly faults: readonly Fault[]
}

const faultsShown = 20
/** What G4 promises. */
const takeoverMsMax = 10_000

const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

/** Sums tallies of several processes up. */
export function mergeTallies(tallies: readonly Tally[]): Tally {
  const deathsOf: Record<string, number> = {}
  for (const tally of tallies)
    for (const [actor, count] of Object.entries(tally.deathsOf)) deathsOf[actor] = (deathsOf[actor] ?? 0) + count
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0)
  return {
    tellings: sum(({ tellings }) => tellings),
    deaths: sum(({ deaths }) => deaths),
    snapshots: sum(({ snapshots }) => snapshots),
    deathsOf,
    takeoversMs: tallies.flatMap(({ takeoversMs }) => takeoversMs),
    faults: tallies.flatMap(({ faults }) => faults),
  }
}

type Given = Pick<CrashSummary, 'seed' | 'points' | 'pointsWithoutStory' | 'seeds' | 'pairs' | 'seconds'>

export function summarise(tally: Tally, given: Given): CrashSummary {
  const broken = tally.faults.flatMap((fault) => fault.broken)
  const count = (...which: readonly Invariant[]) => broken.filter(({ invariant }) => which.includes(invariant)).length
  const took = tally.takeoversMs.toSorted((a, b) => a - b)
  const takeovers = { count: took.length, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99), maxMs: took.at(-1) ?? 0 }
  const { tellings, deaths, deathsOf, snapshots, faults } = tally
  return {
    ok: faults.length === 0 && given.pointsWithoutStory.length === 0 && takeovers.p99Ms <= takeoverMsMax && tellings > 0,
    ...given,
    tellings,
    deaths,
    deathsOf,
    lost: count('I7'),
    doubled: count('I2', 'I4', 'I8'),
    unbalancedSnapshots: count('I1'),
    snapshots,
    notTerminal: count('I5'),
    otherwiseBroken: count('I3', 'I6'),
    takeovers,
    faults: faults.slice(0, faultsShown),
  }
}
