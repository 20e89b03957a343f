import type { Clock } from '@pasar/shared/clock'
import { end, iteratorOf } from '@pasar/shared/flow/iterators'
import type { Db } from './store/database.ts'
import { checkInvariants, type InvariantCheck } from './store/invariants.ts'

/** What the books were held against, and when. */
export interface InvariantsReport {
  readonly checkedAt: Date
  readonly holds: boolean
  readonly checks: readonly InvariantCheck[]
}

/** Looks at the books for everybody who follows them: once for all, and not at all for nobody. */
export interface InvariantsWatch {
  /** A report of now. */
  look(): Promise<InvariantsReport>
  /** Reports, the first at once, then each that says something else than the one before. */
  follow(): AsyncIterableIterator<InvariantsReport>
  /** Looks again where somebody follows; a worker's run. */
  run(): Promise<number>
}

const wordsOf = ({ checks }: InvariantsReport) => JSON.stringify(checks)

/** Opens the watch over one database. */
export function openInvariants(db: Db, clock: Clock): InvariantsWatch {
  const followers = new Set<(report: InvariantsReport) => void>()
  const look = async (): Promise<InvariantsReport> => {
    const checks = await checkInvariants(db)
    return { checkedAt: clock.now(), holds: checks.every(({ holds }) => holds), checks }
  }
  const follow = () => {
    let last: string | undefined
    let waiting: InvariantsReport | undefined
    let stopped = false
    let wake: () => void = () => undefined
    const hear = (report: InvariantsReport) => {
      waiting = report
      wake()
    }
    const next = async (): Promise<IteratorResult<InvariantsReport>> => {
      if (last === undefined) waiting = await look()
      // Not before the first report: whoever reads does not end an iterator that has failed.
      if (!stopped) followers.add(hear)
      while (!stopped) {
        const report = waiting
        waiting = undefined
        if (report && wordsOf(report) !== last) {
          last = wordsOf(report)
          return { value: report, done: false }
        }
        await new Promise<void>((resolve) => (wake = resolve))
      }
      return end
    }
    return iteratorOf(next, async () => {
      stopped = true
      followers.delete(hear)
      wake()
    })
  }
  const run = async () => {
    if (followers.size === 0) return 0
    const report = await look()
    for (const hear of followers) hear(report)
    return 0
  }
  return { look, follow, run }
}
