import { limits } from '@pasar/shared/limits'
import type { Worker } from '@pasar/shared/process/worker'
import { askAfterParcels } from './commands/ask-after-parcels.ts'
import { bookShipments } from './commands/book-shipments.ts'
import { sendPickups } from './commands/send-pickups.ts'
import { callOffShipments } from './commands/call-off-shipments.ts'
import type { LogisticsDeps } from './context.ts'

export const openWorkers = (deps: LogisticsDeps): readonly Worker[] => [
  { name: 'shipments to book', everyMs: limits.duePollMs, run: () => bookShipments(deps) },
  { name: 'pickups to ask for', everyMs: limits.duePollMs, run: () => sendPickups(deps) },
  { name: 'parcels to ask after', everyMs: limits.duePollMs, run: () => askAfterParcels(deps) },
  { name: 'parcels to call off', everyMs: limits.duePollMs, run: () => callOffShipments(deps) },
]
