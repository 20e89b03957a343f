import type { Worker } from '@pasar/shared/worker'
import type { CartsDeps } from './context.ts'
import { removeExpiredCarts } from './store/carts.ts'

/** Few enough that one statement stays short; the next round takes the next ones. */
const expiredPerRound = 500

export const openWorkers = ({ db, clock }: CartsDeps): readonly Worker[] => [
  { name: 'expired guest carts', everyMs: 60_000, run: () => removeExpiredCarts(db, clock.now(), expiredPerRound) },
]
