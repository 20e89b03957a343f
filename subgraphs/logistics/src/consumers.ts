import { once } from '@pasar/shared/inbox'
import type { Consumers } from '@pasar/shared/subgraph'
import { cancelShipment } from './commands/cancel-shipment.ts'
import { createShipment } from './commands/create-shipment.ts'
import type { LogisticsDeps } from './context.ts'

export function openConsumers({ transaction, clock, log }: LogisticsDeps): Consumers {
  const handle = once(transaction, 'logistics-shipment')
  return {
    OrderAccepted: async (event) => void (await handle(event, (tx) => createShipment(tx, clock, event))),
    OrderCancelled: async (event) => void (await handle(event, (tx) => cancelShipment({ clock, log }, tx, event))),
  }
}
