import { errorDetails } from '@pasar/shared/log'
import type { LogisticsDeps } from '../context.ts'
import { claimErrands, type Errand, type WaitingRow } from '../store/shipments.ts'

/** Few enough to be done before the lease of the first one ends, should the courier be slow. */
const errandsPerRound = 10

/**
 * Runs errands at the courier that are due, each by itself: one that fails is tried again later and holds up no other. Says how many
 * succeeded.
 */
export async function runErrands(
  { db, clock, log }: LogisticsDeps,
  errand: Errand,
  run: (shipment: WaitingRow) => Promise<boolean>,
): Promise<number> {
  const due = await claimErrands(db, errand, { now: clock.now(), atMost: errandsPerRound })
  const done = await Promise.all(
    due.map((shipment) =>
      run(shipment).catch((error: unknown) => {
        log.warn(
          { ...errorDetails(error), errand, shipmentId: shipment.id, attempt: shipment.attempts },
          'the courier did not take it',
        )
        return false
      }),
    ),
  )
  return done.filter(Boolean).length
}
