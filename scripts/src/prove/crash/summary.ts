import type { Invariant } from '../invariants/broken.ts'
import type { PlannedCell } from './plan.ts'
import type { Fault, Tally } from './tell-all.ts'

/** One summary of all that was told. */
export interface CrashSummary {
  readonly ok: boolean
  readonly seed: number
  readonly points: number
  readonly pointsWithoutStory: readonly string[]
  readonly seeds: number
  readonly pairs: number
  /** Whether everything was told, and not a sample of it. */
  readonly isWhole: boolean
  /** Whether all processes that told a share of the plan had the same one. */
  readonly isOnePlan: boolean
  readonly tellings: number
  readonly deaths: number
  /** Deaths that struck what an earlier one had left. */
  readonly secondDeaths: number
  readonly deathsOf: Readonly<Record<string, number>>
  /** Boundaries with each of those who are to die there, and how often at least each of them died. */
  readonly cells: number
  readonly leastPerCell: number
  /** Deaths that did not happen, also when they were told again alone. */
  readonly missed: number
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
  const deathsAt: Tally['deathsAt'] = {}
  for (const tally of tallies)
    for (const [point, by] of Object.entries(tally.deathsAt)) {
      const here = (deathsAt[point] ??= {})
      for (const [actor, count] of Object.entries(by)) here[actor] = (here[actor] ?? 0) + count
    }
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0)
  return {
    tellings: sum(({ tellings }) => tellings),
    deaths: sum(({ deaths }) => deaths),
    pairs: sum(({ pairs }) => pairs),
    snapshots: sum(({ snapshots }) => snapshots),
    deathsAt,
    missed: tallies.flatMap(({ missed }) => missed),
    takeoversMs: tallies.flatMap(({ takeoversMs }) => takeoversMs),
    faults: tallies.flatMap(({ faults }) => faults),
  }
}

interface Given {
  readonly said: Pick<
    CrashSummary,
    'seed' | 'points' | 'pointsWithoutStory' | 'seeds' | 'pairs' | 'seconds' | 'isWhole' | 'isOnePlan'
  >
  /** Boundaries and who is to die there. */
  readonly cells: readonly PlannedCell[]
  /** Whether something of the plan was left out. */
  readonly isCut: boolean
  /** Whether only some boundaries were asked for: nobody may hold a saga there. */
  readonly isChosen: boolean
}

function deathsByActor(deathsAt: Tally['deathsAt']): Record<string, number> {
  const deathsOf: Record<string, number> = {}
  for (const by of Object.values(deathsAt))
    for (const [actor, count] of Object.entries(by)) deathsOf[actor] = (deathsOf[actor] ?? 0) + count
  return deathsOf
}

export function summarise(tally: Tally, { said, cells, isCut, isChosen }: Given): CrashSummary {
  const broken = tally.faults.flatMap((fault) => fault.broken)
  const count = (...which: readonly Invariant[]) => broken.filter(({ invariant }) => which.includes(invariant)).length
  const took = tally.takeoversMs.toSorted((a, b) => a - b)
  const takeovers = { count: took.length, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99), maxMs: took.at(-1) ?? 0 }
  const { tellings, deaths, deathsAt, snapshots, faults } = tally
  const perCell = cells.map(({ point, actor }) => deathsAt[point]?.[actor] ?? 0)
  const leastPerCell = perCell.length === 0 ? 0 : Math.min(...perCell)
  return {
    ok:
      (isCut || (tally.missed.length === 0 && leastPerCell > 0)) &&
      said.isOnePlan &&
      faults.length === 0 &&
      said.pointsWithoutStory.length === 0 &&
      (isCut || isChosen || takeovers.count > 0) &&
      takeovers.p99Ms <= takeoverMsMax &&
      tellings > 0,
    ...said,
    tellings,
    deaths,
    secondDeaths: tally.pairs,
    deathsOf: deathsByActor(deathsAt),
    cells: cells.length,
    leastPerCell,
    missed: tally.missed.length,
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
