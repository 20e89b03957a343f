import { errorDetails } from '@pasar/shared/log'
import type { LogisticsDeps } from '../context.ts'
import { claimErrands, putErrandOff, type Errand, type WaitingRow } from '../store/shipments.ts'

/** Few enough to be done before the lease of the first one ends, should the courier be slow. */
const errandsPerRound = 10
const firstPauseMs = 15_000
const longestPauseMs = 600_000
const later = (from: Date, milliseconds: number) => new Date(from.getTime() + milliseconds)

/**
 * Runs errands at the courier that are due, each by itself: one that fails is tried again later and holds up no other. Says how many
 * succeeded.
 */
export async function runErrands(
  { db, clock, log }: LogisticsDeps,
  errand: Errand,
  run: (shipment: WaitingRow) => Promise<boolean>,
): Promise<number> {
  const now = clock.now()
  const due = await claimErrands(db, errand, { now, again: later(now, firstPauseMs), atMost: errandsPerRound })
  const attempt = async (shipment: WaitingRow) => {
    try {
      return await run(shipment)
    } catch (error) {
      const { id: shipmentId, attempts } = shipment
      log.warn({ ...errorDetails(error), errand, shipmentId, attempt: attempts }, 'the courier did not take it')
      const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts - 1, 10))
      await putErrandOff(db, shipment, later(clock.now(), pause))
      return false
    }
  }
  const done = await Promise.all(due.map(attempt))
  return done.filter(Boolean).length
}
