import type { LogisticsDeps } from '../context.ts'
import { savePickupSent } from '../store/shipments.ts'
import { runErrands } from './run-errands.ts'

/** Passes the sellers' requests for pickups on to the courier. */
export const sendPickups = (deps: LogisticsDeps): Promise<number> =>
  runErrands(deps, 'PICKUP', {
    ask: ({ courierOrderId }) => deps.courier.requestPickup(courierOrderId!),
    keep: (tx, { id }) => savePickupSent(tx, id, deps.clock.now()),
  })
