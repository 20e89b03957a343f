import { limits } from '@pasar/shared/limits'
import type { Worker } from '@pasar/shared/worker'
import type { OrdersDeps } from '../context.ts'
import { passingOf, type DeadlineKind } from '../domain/deadlines.ts'
import type { Order } from '../domain/order.ts'
import { firstAllowed } from '../domain/order-moves.ts'
import type { Tx } from '../store/client.ts'
import { findMissedDeadline, settleDeadlines } from '../store/order-parts.ts'
import { lockOrder, markShipLate } from '../store/orders.ts'
import { wishEnd } from '../store/sagas.ts'
import { moveOrder } from './move-order.ts'

type Deps = Pick<OrdersDeps, 'db' | 'transaction' | 'clock'>

/** Carries out what has passed, each deadline once: settling it and its effect are one transaction, and whoever settles it carries it out. */
export async function carryOutDeadline(deps: Deps): Promise<'none' | 'done' | 'taken'> {
  const { db, transaction, clock } = deps
  const missed = await findMissedDeadline(db, clock.now())
  if (!missed) return 'none'
  const { orderId, kind, checkoutId } = missed
  return transaction(async (tx) => {
    const now = clock.now()
    // The saga's row before the order's, as its runner takes them; an order that is paid already has no open PAY deadline to settle.
    if (passingOf(kind) === 'endCheckout') await wishEnd(tx, { checkoutId, ending: 'UNPAID', now })
    const order = await lockOrder(tx, orderId)
    if (!order || (await settleDeadlines(tx, orderId, { kinds: [kind], now })) === 0) return 'taken'
    await carryOut(tx, deps, { order, kind })
    return 'done'
  })
}

async function carryOut(tx: Tx, { clock }: Deps, { order, kind }: { readonly order: Order; readonly kind: DeadlineKind }) {
  const passed = passingOf(kind)
  if (passed === 'endCheckout') return
  const name = passed === 'markLate' ? undefined : firstAllowed(order, passed)
  if (passed === 'markLate') await markShipLate(tx, order.id)
  if (name) await moveOrder(tx, clock, { order, name, party: 'SYSTEM' })
}

/** Carries deadlines out as they pass. */
export const deadlineWorker = (deps: Deps): Worker => ({
  name: 'orders deadlines',
  everyMs: limits.duePollMs,
  run: async () => {
    let done = 0
    for (let result = await carryOutDeadline(deps); result !== 'none'; result = await carryOutDeadline(deps))
      if (result === 'done') done += 1
    return done
  },
})
