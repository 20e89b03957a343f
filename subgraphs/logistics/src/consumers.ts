import { once } from '@pasar/shared/inbox'
import type { Consumers } from '@pasar/shared/subgraph'
import { callOffOrder } from './commands/call-off-order.ts'
import { createReturn, dropReturn } from './commands/create-return.ts'
import { cancelShipment } from './commands/cancel-shipment.ts'
import { createShipment } from './commands/create-shipment.ts'
import type { LogisticsDeps } from './context.ts'

export function openConsumers(deps: LogisticsDeps): Consumers {
  const { clock, log } = deps
  const handle = once(deps, 'logistics-shipment')
  return {
    OrderAccepted: async (event) => void (await handle(event, (tx) => createShipment(tx, clock, event))),
    OrderCallingOff: async (event) => void (await handle(event, (tx) => callOffOrder({ clock }, tx, event))),
    ReturnApproved: async (event) => void (await handle(event, (tx) => createReturn(tx, clock, event))),
    OrderCompleted: async (event) => void (await handle(event, (tx) => dropReturn({ clock }, tx, event.payload.orderId))),
    OrderCancelled: async (event) => void (await handle(event, (tx) => cancelShipment({ clock, log }, tx, event))),
  }
}
