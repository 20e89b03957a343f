import { limits } from '@pasar/shared/limits'
import type { Worker } from '@pasar/shared/process/worker'
import type { CartsDeps } from './context.ts'
import { removeExpiredCarts } from './store/carts.ts'
import { removeOldLocks } from './store/locks.ts'

/** Few enough that one statement stays short. */
const expiredAtOnce = 500

/** All that have expired: nobody can make more of them than are removed. */
async function removeExpired({ db, clock }: CartsDeps): Promise<number> {
  const now = clock.now()
  let all = 0
  for (let removed = expiredAtOnce; removed === expiredAtOnce; all += removed)
    removed = await removeExpiredCarts(db, now, expiredAtOnce)
  return all
}

/** How long it is remembered that a checkout has ended with its cart: no call of a checkout is under way for as long. */
const locksKeptMs = 90 * 86_400_000

export const openWorkers = (deps: CartsDeps): readonly Worker[] => [
  { name: 'expired guest carts', everyMs: 60_000, run: () => removeExpired(deps) },
  {
    name: 'old locks of carts',
    everyMs: limits.housekeepingMs,
    run: () => removeOldLocks(deps.db, new Date(deps.clock.now().getTime() - locksKeptMs)),
  },
]
