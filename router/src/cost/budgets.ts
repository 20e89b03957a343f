import type { Clock } from '@pasar/shared/clock'
import { costLimits } from './limits.ts'

/** A budget per key: full at first, spent by what is done, and filled up again at a steady pace. */
export interface Budgets {
  /** Seconds until so much is there; 0 when it is. */
  wait(key: string, amount: number): number
  /** Takes the amount, also when there is less. */
  charge(key: string, amount: number): void
}

/** How much each budget of a kind holds. */
export interface BudgetSize {
  /** As much comes back per minute; 0 for no bound. */
  readonly perMinute: number
  readonly clock: Clock
}

/** What is left of one budget, and when that was true. */
interface Bucket {
  left: number
  at: number
}

/** Budgets that one process keeps by itself. */
export interface LocalBudgets extends Budgets {
  /** Takes note that elsewhere so much was spent that only this is left. */
  lower(key: string, left: number): void
}

/** Budgets in memory. */
export function memoryBudgets({ perMinute, clock }: BudgetSize): LocalBudgets {
  const buckets = new Map<string, Bucket>()
  const perMs = perMinute / 60_000
  const bucketOf = (key: string): Bucket => {
    const now = clock.now().getTime()
    const known = buckets.get(key)
    if (!known) return remember(buckets, key, { left: perMinute, at: now })
    known.left = Math.min(perMinute, known.left + Math.max(0, now - known.at) * perMs)
    known.at = now
    return known
  }
  return {
    wait(key, amount) {
      if (perMinute === 0) return 0
      const missing = Math.min(amount, perMinute) - bucketOf(key).left
      return missing <= 0 ? 0 : Math.ceil(missing / perMs / 1000)
    },
    charge(key, amount) {
      if (perMinute === 0) return
      const bucket = bucketOf(key)
      bucket.left = Math.max(-perMinute, bucket.left - amount)
    },
    lower(key, left) {
      const bucket = bucketOf(key)
      bucket.left = Math.min(bucket.left, left)
    },
  }
}

/** Who came first is forgotten first; the longer ago that was, the fuller the budget is again. */
function remember(buckets: Map<string, Bucket>, key: string, bucket: Bucket): Bucket {
  if (buckets.size >= costLimits.viewersMax) buckets.delete(buckets.keys().next().value!)
  buckets.set(key, bucket)
  return bucket
}
