import { errorDetails } from '@pasar/shared/log'
import type { LogisticsDeps } from '../context.ts'
import type { Tx } from '../store/database.ts'
import { claimErrands, putErrandOff, type Errand, type WaitingRow } from '../store/shipments.ts'

/** Few enough to be done before the lease of the first one ends, should the courier be slow. */
const errandsPerRound = 10
const firstPauseMs = 15_000
const longestPauseMs = 600_000
const later = (from: Date, milliseconds: number) => new Date(from.getTime() + milliseconds)

/** How an errand is run: what the courier is asked, outside any transaction, and what of its answer is kept, in one. */
export interface Running<Answer> {
  readonly ask: (shipment: WaitingRow) => Promise<Answer>
  readonly keep: (tx: Tx, shipment: WaitingRow, answer: Answer) => Promise<boolean>
}

/**
 * Runs errands at the courier that are due, each by itself: one that fails is tried again later and holds up no other. What the courier
 * does not take rests longer each time; what it took and we could not write down is due again as if a process had died over it. Says how
 * many succeeded.
 */
export async function runErrands<Answer>(deps: LogisticsDeps, errand: Errand, { ask, keep }: Running<Answer>): Promise<number> {
  const { db, clock, log, transaction } = deps
  const now = clock.now()
  const due = await claimErrands(db, errand, { now, again: later(now, firstPauseMs), atMost: errandsPerRound })
  const attempt = async (shipment: WaitingRow) => {
    const { id: shipmentId, attempts } = shipment
    const said = { errand, shipmentId, attempt: attempts }
    let answer: Answer
    try {
      answer = await ask(shipment)
    } catch (error) {
      log.warn({ ...errorDetails(error), ...said }, 'the courier did not take it')
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts - 1, 10))
      await putErrandOff(db, errand, { ...shipment, now: clock.now(), pauseMs })
      return false
    }
    return transaction((tx) => keep(tx, shipment, answer)).catch((error: unknown) => {
      log.warn({ ...errorDetails(error), ...said }, 'the courier took it and it could not be written down')
      return false
    })
  }
  const done = await Promise.all(due.map(attempt))
  return done.filter(Boolean).length
}
