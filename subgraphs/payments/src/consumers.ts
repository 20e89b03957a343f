import { once } from '@pasar/shared/inbox'
import type { Consumers } from '@pasar/shared/subgraph'
import { bookCourierDues, noteReturn } from './commands/book-courier-dues.ts'
import { collectAtDoor } from './commands/collect-at-door.ts'
import { refundOrder } from './commands/refund-order.ts'
import { releaseEscrow } from './commands/release-escrow.ts'
import type { Deps } from './context.ts'

/** What payments does when something happened elsewhere; each event has its effect once. */
export function consumersOf(deps: Deps): Consumers {
  const guarded = once(deps, 'payments')
  return {
    OrderCompleted: async (event) => {
      await guarded(event, (tx) => releaseEscrow(tx, deps, event.payload))
    },
    OrderDelivered: async (event) => {
      await guarded(event, (tx) => collectAtDoor(tx, deps, event.payload.orderId))
    },
    OrderCancelled: async (event) => {
      if (!event.payload.paid) return
      await guarded(event, (tx) => refundOrder(tx, deps, event.payload))
    },
    ReturnApproved: async (event) => {
      await guarded(event, (tx) => noteReturn(tx, event.payload))
    },
    CourierDueArose: async (event) => {
      await guarded(event, (tx) => bookCourierDues(tx, deps, event.payload))
    },
    RefundDecided: async (event) => {
      await guarded(event, (tx) => refundOrder(tx, deps, event.payload))
    },
  }
}
