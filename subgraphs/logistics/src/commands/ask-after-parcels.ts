import type { Clock } from '@pasar/shared/clock'
import type { LogisticsDeps } from '../context.ts'
import type { Word } from '../courier/notification.ts'
import type { Tx } from '../store/database.ts'
import { lockShipment, putErrandOff, type WaitingRow } from '../store/shipments.ts'
import { takeScan } from './record-scan.ts'
import { runErrands } from './run-errands.ts'

/** A courier that has nothing new to say is left alone for so long. */
const askAgainMs = 86_400_000

/** Asks the courier after parcels of which it has long said nothing: its word may have been lost, and nobody else would ever end them. */
export const askAfterParcels = (deps: LogisticsDeps): Promise<number> =>
  runErrands(deps, 'TRACKING', {
    ask: ({ courierOrderId }) => deps.courier.lastWord(courierOrderId!),
    keep: (tx, shipment, word) => keep(tx, deps.clock, { shipment, word }),
  })

/** Its answer is a word like any other; what is known already is no news. */
async function keep(tx: Tx, clock: Clock, { shipment, word }: { shipment: WaitingRow; word: Word }): Promise<boolean> {
  await putErrandOff(tx, 'TRACKING', { ...shipment, now: clock.now(), pauseMs: askAgainMs })
  const known = await lockShipment(tx, 'id', shipment.id)
  if (!known || known.status === word.status) return true
  // What is refused as the parcel stands now may be news once it stands elsewhere.
  const courierEventId = `asked:${known.status}:${word.status}:${word.occurredAt.toISOString()}`
  await takeScan(tx, clock, { ...word, courierEventId, trackingNumber: shipment.trackingNumber! })
  return true
}
