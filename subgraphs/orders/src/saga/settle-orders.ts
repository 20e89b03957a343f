import type { Clock } from '@pasar/shared/clock'
import { newId } from '@pasar/shared/ids'
import type { EventPayloads } from '@pasar/schema/events'
import type { NewEvent } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import { fromWire } from '@pasar/shared/wire'
import { moveOrder, type OrderMoveStep } from '../commands/move-order.ts'
import { runningStates, type Checkout, type CheckoutProblem, type CheckoutState } from '../domain/checkout.ts'
import type { Order } from '../domain/order.ts'
import { mayMove } from '../domain/order-moves.ts'
import type { Origin } from '../domain/plan-orders.ts'
import { endOf } from '../domain/saga-flow.ts'
import { moveCheckout, payCheckout } from '../store/checkouts.ts'
import type { Tx } from '../store/database.ts'
import { findOrdersOfCheckouts } from '../store/orders.ts'
import { reopenSaga, type Beside, type Saga } from '../store/sagas.ts'
import type { SagaContext } from './context.ts'
import { originOf } from './place-orders.ts'

type Parts = Pick<Checkout, 'id' | 'buyerId'>

/** Moves all orders of a checkout together: they are paid, or end, as one. */
async function moveAll(
  tx: Tx,
  clock: Clock,
  { checkout, step }: { checkout: Parts; step: (order: Order) => Omit<OrderMoveStep, 'order'> | undefined },
) {
  for (const order of await findOrdersOfCheckouts(tx, [checkout.id])) {
    const move = step(order)
    if (move) await moveOrder(tx, clock, { order, ...move })
  }
}

const finished = (
  { id: checkoutId, buyerId }: Parts,
  outcome: EventPayloads['CheckoutFinished']['outcome'],
): NewEvent & { readonly type: 'CheckoutFinished' } => ({
  type: 'CheckoutFinished',
  aggregateId: checkoutId,
  keys: [buyerId],
  payload: { checkoutId, buyerId, outcome },
})

/** The stock of a checkout as it was taken. */
interface Taken {
  readonly checkout: Parts
  readonly reservedAs: string
  /** Other places than when the orders were placed, where their goods had to be reserved again. */
  readonly origins: readonly Origin[]
}

/** The payment is here and the stock is taken: the sellers are told. */
export const markOrdersPaid = (tx: Tx, clock: Clock, { checkout, reservedAs, origins }: Taken) =>
  moveAll(tx, clock, {
    checkout,
    step: (order) => {
      const facts = { reservedAs, origin: originOf(origins, order.shopId) }
      return { name: mayMove(order, 'pay') ? 'pay' : 'payLate', party: 'SYSTEM', facts }
    },
  })

/** The same of the checkout itself. */
export const markCheckoutPaid = (clock: Clock, checkout: Parts): Beside =>
  payCheckout(clock, { from: unpaid, event: finished(checkout, 'PAID') })

const unpaid: readonly CheckoutState[] = [...runningStates, 'FAILED', 'EXPIRED', 'CANCELLED']

const paidTooLate = problem('CheckoutPaidTooLate', {})

/** The payment is here and the goods are gone: every order ends (once more) with money to give back, and the buyer is told that it comes. */
export async function refundOrders(tx: Tx, clock: Clock, checkout: Parts & Pick<Checkout, 'state'>) {
  await moveAll(tx, clock, {
    checkout,
    step: () => ({ name: 'refundLate', party: 'SYSTEM', facts: { endReason: 'PAID_TOO_LATE', reservedAs: null } }),
  })
  const to = runningStates.includes(checkout.state) ? 'EXPIRED' : checkout.state
  const event = finished(checkout, 'PAID_TOO_LATE')
  await moveCheckout(tx, clock, { id: checkout.id, from: unpaid, to, problem: paidTooLate, event })
}

/** The saga is being undone: unpaid orders end. Legal when there are none. */
export const abandonOrders = (tx: Tx, clock: Clock, { checkout, saga }: { readonly checkout: Parts; readonly saga: Saga }) => {
  const { reason } = endOf(saga.ending, saga.payment)
  const byBuyer = reason === 'CANCELLED_BY_BUYER'
  const who = byBuyer ? ({ party: 'BUYER', actorId: checkout.buyerId } as const) : ({ party: 'SYSTEM' } as const)
  return moveAll(tx, clock, {
    checkout,
    step: (order) => (mayMove(order, 'abandon') ? { name: 'abandon', facts: { endReason: reason }, ...who } : undefined),
  })
}

/** All steps are undone: the checkout ends; a payment that came in the meantime takes it up again. */
export async function endCheckout(tx: Tx, clock: Clock, { checkout, saga }: { readonly checkout: Parts; readonly saga: Saga }) {
  const { state } = endOf(saga.ending, saga.payment === 'CAPTURED' ? null : saga.payment)
  // What its buyer has ended is not refused, too: its orders are cancelled, and its key stands for that.
  const refused = saga.ending === 'CANCELLED_BY_BUYER' ? undefined : saga.context.problem
  const refusal = refused === undefined ? null : (fromWire(refused) as CheckoutProblem)
  const outcome = refusal ? 'FAILED' : state
  await moveCheckout(tx, clock, {
    id: checkout.id,
    from: runningStates,
    to: outcome,
    problem: refusal,
    event: finished(checkout, outcome),
  })
  if (saga.payment === 'CAPTURED') await reopenLate(tx, clock, saga)
}

/** A payment came for a checkout that has ended: its goods are reserved again, under a new id because the old reservation is gone for good. */
export const reopenLate = (tx: Tx, clock: Clock, { checkoutId, context, ending }: Saga) =>
  reopenSaga(tx, {
    checkoutId,
    step: 'secureStock',
    now: clock.now(),
    context: { ...context, ...lostStock(clock), endedByBuyer: ending === 'CANCELLED_BY_BUYER' },
  })

const hourMs = 3_600_000

/** What a saga must know to reserve its goods again. */
export const lostStock = (clock: Clock): Partial<SagaContext> => ({
  stockLost: true,
  reservedAs: newId('checkout'),
  reserveUntil: new Date(clock.now().getTime() + hourMs).toISOString(),
})
