import { once } from '@pasar/shared/events/inbox'
import type { Consumers } from '@pasar/shared/subgraph/open-subgraph'
import { bookCourierDues, noteReturn } from './commands/book-courier-dues.ts'
import { collectAtDoor } from './commands/collect-at-door.ts'
import { refundOrder } from './commands/refund-order.ts'
import { releaseEscrow } from './commands/release-escrow.ts'
import type { PaymentsDeps } from './context.ts'

/** What payments does when something happened elsewhere; each event has its effect once. */
export function openConsumers(deps: PaymentsDeps): Consumers {
  const handle = once(deps, 'payments')
  return {
    OrderCompleted: (event) => handle(event, (tx) => releaseEscrow(tx, deps.clock, event.payload)),
    OrderDelivered: (event) => handle(event, (tx) => collectAtDoor(tx, deps.clock, event.payload.orderId)),
    OrderCancelled: async (event) => {
      if (event.payload.paid) await handle(event, (tx) => refundOrder(tx, deps.clock, event.payload))
    },
    ReturnApproved: (event) => handle(event, (tx) => noteReturn(tx, event.payload)),
    CourierDueArose: (event) => handle(event, (tx) => bookCourierDues(tx, deps.clock, event.payload)),
    RefundDecided: (event) => handle(event, (tx) => refundOrder(tx, deps.clock, event.payload)),
  }
}
