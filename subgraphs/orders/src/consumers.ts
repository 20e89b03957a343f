import type { EventOf, PasarEvent } from '@pasar/schema/events'
import type { Clock } from '@pasar/shared/clock'
import { once } from '@pasar/shared/events/inbox'
import type { Consumers } from '@pasar/shared/subgraph/open-subgraph'
import { moveOrder } from './commands/move-order.ts'
import type { OrdersDeps } from './context.ts'
import { firstAllowed } from './domain/order-moves.ts'
import { ofParcel, wordOf, wordOfStop, type ParcelWord } from './domain/parcel.ts'
import type { TransitionName } from './domain/transitions.ts'
import { reopenLate } from './saga/settle-orders.ts'
import type { Tx } from './store/database.ts'
import { isReturnWithdrawn } from './store/order-parts.ts'
import { noteErased } from './store/erased-buyers.ts'
import { lockOrder } from './store/orders.ts'
import { completeRefund } from './store/refunds.ts'
import { hearPayment, notePayment, type PaymentNews } from './store/sagas.ts'

type Deps = Pick<OrdersDeps, 'transaction' | 'send' | 'clock' | 'runner'>

/** Moves an order as a courier's message says, if it may; a message that was overtaken by a later one changes nothing. */
async function follow(tx: Tx, clock: Clock, { orderId, names }: { orderId: string; names: readonly TransitionName[] }) {
  const order = await lockOrder(tx, orderId)
  const name = order && firstAllowed(order, names)
  if (order && name) await moveOrder(tx, clock, { order, name, party: 'SYSTEM' })
}

/** Notes in an order that its buyer has the money of a refund. */
async function noteRefund(tx: Tx, clock: Clock, refundId: string) {
  const orderId = await completeRefund(tx, refundId, clock.now())
  if (orderId) await follow(tx, clock, { orderId, names: ['noteRefund'] })
}

type PaymentEvent = EventOf<'PaymentCaptured'> | EventOf<'PaymentFailed'>
type PaymentFact = Omit<PaymentNews, 'now'>

/** Tells a checkout's saga what payments said; a payment that comes after its end takes it up again. */
async function pay(tx: Tx, clock: Clock, fact: PaymentFact) {
  const saga = await notePayment(tx, { ...fact, now: clock.now() })
  if (saga?.step === 'ended' && fact.payment === 'CAPTURED') await reopenLate(tx, clock, saga)
}

interface Parcel {
  readonly orderId: string
  readonly returnId?: string | null
}

/** A buyer who keeps the goods waits for no courier: that return was stopped like any other. */
async function heard(tx: Tx, orderId: string, word: ParcelWord): Promise<ParcelWord> {
  if (word !== 'UNFETCHED') return word
  await lockOrder(tx, orderId)
  return (await isReturnWithdrawn(tx, orderId)) ? 'STOPPED' : word
}

const consumer = 'orders'

/** What orders does on the events of users, payments and logistics. `wake` is called for a checkout whose saga may go on. */
export function openConsumers(deps: Deps, wake: (checkoutId: string) => void): Consumers {
  const handle = once<Tx>(deps, consumer)
  const told = async (event: PaymentEvent, payment: PaymentNews['payment']) => {
    const { checkoutId, buyerId } = event.payload
    const fact = { checkoutId, buyerId, payment }
    const news = { ...fact, now: deps.clock.now() }
    if (!(await hearPayment(deps.send, news, { consumer, eventId: event.id })))
      await handle(event, (tx) => pay(tx, deps.clock, fact))
    wake(checkoutId)
  }
  const moves = async (event: PasarEvent, { orderId, returnId }: Parcel, word: ParcelWord) => {
    const way = returnId == null ? 'OUTBOUND' : 'RETURN'
    if (ofParcel(word, way).length === 0) return
    await handle(event, async (tx) => follow(tx, deps.clock, { orderId, names: ofParcel(await heard(tx, orderId, word), way) }))
  }
  return {
    AccountErased: (event) => handle(event, (tx) => noteErased(tx, event.payload.accountId, deps.clock.now())),
    PaymentCaptured: (event) => told(event, 'CAPTURED'),
    PaymentFailed: (event) => told(event, event.payload.reason),
    RefundCompleted: (event) => handle(event, (tx) => noteRefund(tx, deps.clock, event.payload.refundId)),
    ShipmentBooked: (event) => moves(event, event.payload, 'BOOKED'),
    ShipmentMoved: (event) => moves(event, event.payload, wordOf(event.payload)),
    ParcelCalledOff: (event) => moves(event, event.payload, wordOfStop(event.payload)),
  }
}
