import type { EventOf, PasarEvent } from '@pasar/schema/events'
import { once } from '@pasar/shared/inbox'
import type { Consumers } from '@pasar/shared/subgraph'
import { moveOrder } from './commands/move-order.ts'
import type { OrdersDeps } from './context.ts'
import { mayMove, type TransitionName } from './domain/order-moves.ts'
import { reopenLate } from './saga/settle-orders.ts'
import type { Tx } from './store/client.ts'
import { lockOrder } from './store/orders.ts'
import { lockSaga, notePayment, type Saga } from './store/sagas.ts'

type Deps = Pick<OrdersDeps, 'transaction' | 'clock' | 'runner'>

/** Moves an order as a courier's message says, if it may; a message that was overtaken by a later one changes nothing. */
async function follow(tx: Tx, { clock }: Deps, { orderId, name }: { readonly orderId: string; readonly name: TransitionName }) {
  const order = await lockOrder(tx, orderId)
  if (order && mayMove(order, name)) await moveOrder(tx, clock, { order, name, party: 'SYSTEM' })
}

/** Tells a checkout's saga what payments said; a payment that comes after its end takes it up again. */
async function pay(
  tx: Tx,
  { clock }: Deps,
  { checkoutId, payment }: { readonly checkoutId: string; readonly payment: NonNullable<Saga['payment']> },
) {
  const saga = await lockSaga(tx, checkoutId)
  if (!saga || !(await notePayment(tx, { checkoutId, payment, now: clock.now() }))) return
  if (payment === 'CAPTURED' && saga.step === 'ended') await reopenLate(tx, clock, saga)
}

const shipmentMoves: Readonly<Partial<Record<EventOf<'ShipmentMoved'>['payload']['status'], TransitionName>>> = {
  PICKED: 'ship',
  DROPPING_OFF: 'ship',
  DELIVERED: 'deliver',
}

/** What orders does on the events of payments and logistics. `wake` is called for a checkout whose saga may go on. */
export function ordersConsumers(deps: Deps, wake: (checkoutId: string) => void): Consumers {
  const handle = once<Tx>(deps.transaction, 'orders')
  const told = async (
    event: PasarEvent,
    fact: { readonly checkoutId: string; readonly payment: NonNullable<Saga['payment']> },
  ) => {
    await handle(event, (tx) => pay(tx, deps, fact))
    wake(fact.checkoutId)
  }
  const moves = async (event: PasarEvent, orderId: string, name: TransitionName | undefined) => {
    if (name) await handle(event, (tx) => follow(tx, deps, { orderId, name }))
  }
  return {
    PaymentCaptured: (event) => told(event, { checkoutId: event.payload.checkoutId, payment: 'CAPTURED' }),
    PaymentFailed: (event) => told(event, { checkoutId: event.payload.checkoutId, payment: event.payload.reason }),
    ShipmentBooked: (event) => moves(event, event.payload.orderId, 'book'),
    ShipmentMoved: (event) => moves(event, event.payload.orderId, shipmentMoves[event.payload.status]),
  }
}
