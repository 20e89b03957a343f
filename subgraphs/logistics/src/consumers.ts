import { once } from '@pasar/shared/events/inbox'
import type { Consumers } from '@pasar/shared/subgraph/open-subgraph'
import { callOffParcel } from './commands/call-off-parcel.ts'
import { cancelShipment } from './commands/cancel-shipment.ts'
import { createReturn } from './commands/create-return.ts'
import { createShipment } from './commands/create-shipment.ts'
import { eraseBuyer } from './commands/erase-buyer.ts'
import { lessenShipment } from './commands/lessen-shipment.ts'
import type { LogisticsDeps } from './context.ts'

export function openConsumers(deps: LogisticsDeps): Consumers {
  const { clock } = deps
  const handle = once(deps, 'logistics-shipment')
  const toBuyer = { direction: 'OUTBOUND', returnId: null } as const
  const back = { direction: 'RETURN' } as const
  return {
    OrderAccepted: (event) => handle(event, (tx) => createShipment(tx, clock, event)),
    OrderCallingOff: (event) => handle(event, (tx) => callOffParcel(tx, clock, { ...event.payload, ...toBuyer })),
    ReturnApproved: (event) => handle(event, (tx) => createReturn(tx, clock, event)),
    ReturnCallingOff: (event) => handle(event, (tx) => callOffParcel(tx, clock, { ...event.payload, ...back })),
    RefundDecided: async (event) => {
      if (event.payload.toSend) await handle(event, (tx) => lessenShipment(tx, event))
    },
    BuyerErased: (event) => handle(event, (tx) => eraseBuyer(tx, clock, event.payload.orderId)),
    OrderCancelled: (event) => handle(event, (tx) => cancelShipment(tx, deps, event)),
  }
}
