import type { Clock } from '@pasar/shared/clock'
import { limits } from '@pasar/shared/limits'
import { errorDetails, type Log } from '@pasar/shared/log'
import type { Worker } from '@pasar/shared/process/worker'
import type { OrdersDeps } from '../context.ts'
import { passingKept, passingOf, type DeadlineKind } from '../domain/deadlines.ts'
import type { Order } from '../domain/order.ts'
import { firstAllowed } from '../domain/order-moves.ts'
import type { Tx } from '../store/database.ts'
import { findMissedDeadline, isReturnWithdrawn, settleMissed, type MissedDeadline } from '../store/order-parts.ts'
import { lockOrder } from '../store/orders.ts'
import { wishEnd } from '../store/sagas.ts'
import { moveOrder } from './move-order.ts'

type Deps = Pick<OrdersDeps, 'db' | 'transaction' | 'clock'> & { readonly log: Log }

/** Carries out one that has passed, once: settling it and its effect are one transaction, and whoever settles it carries it out. */
function carryOutDeadline(deps: Deps, { orderId, kind, checkoutId }: MissedDeadline): Promise<boolean> {
  return deps.transaction(async (tx) => {
    const now = deps.clock.now()
    // The saga's row before the order's, as its runner takes them. Where no wish is heeded any more, the payment is here.
    const kept = passingOf(kind) === 'endCheckout' && (await wishEnd(tx, { checkoutId, ending: 'UNPAID', now })) === 0
    const order = await lockOrder(tx, orderId)
    if (!order || !(await settleMissed(tx, { orderId, kind, kept }, now))) return false
    await carryOut(tx, deps.clock, { order, kind })
    return true
  })
}

async function carryOut(tx: Tx, clock: Clock, { order, kind }: { readonly order: Order; readonly kind: DeadlineKind }) {
  const kept = passingKept(kind)
  const passed = kept && (await isReturnWithdrawn(tx, order.id)) ? kept : passingOf(kind)
  if (passed === 'endCheckout') return
  const name = firstAllowed(order, passed)
  if (name) await moveOrder(tx, clock, { order, name, party: 'SYSTEM' })
}

/** Carries deadlines out as they pass; one that cannot be carried out does not hold up those of other orders, and is tried again. */
export const deadlineWorker = (deps: Deps): Worker => ({
  name: 'orders deadlines',
  everyMs: limits.duePollMs,
  run: async () => {
    const { db, clock, log } = deps
    let done = 0
    const failed: string[] = []
    const next = () => findMissedDeadline(db, clock.now(), failed)
    for (let missed = await next(); missed; missed = await next()) {
      const { orderId, kind } = missed
      try {
        if (await carryOutDeadline(deps, missed)) done += 1
      } catch (error) {
        log.error({ ...errorDetails(error), orderId, kind }, 'a deadline cannot be carried out, trying again')
        failed.push(orderId)
      }
    }
    return done
  },
})
