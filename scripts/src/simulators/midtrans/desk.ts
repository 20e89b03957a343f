import { deliverDue, later, outgoingOf, type Delivery, type DeliveryOptions, type Outgoing } from '../deliveries.ts'
import { fieldsOf, type Transaction } from './transaction.ts'

/** What the simulated provider works with. */
export interface DeskOptions extends DeliveryOptions<Transaction> {
  readonly serverKey: string
}

/** A bank settles a card's capture the next day; nobody wants to wait for that in front of a simulator. */
const cardSettlesAfterMs = 2_000
/** The notifications of a payment as it is now. */
function notificationsOf(transaction: Transaction, delivery: Delivery, { serverKey, clock }: DeskOptions): readonly Outgoing[] {
  const newest = fieldsOf(transaction, serverKey)
  const before = transaction.status === 'settlement' && transaction.paymentType === 'credit_card' ? 'capture' : 'pending'
  const stale = fieldsOf({ ...transaction, status: before }, serverKey)
  const forged = { ...newest, signature_key: '0'.repeat(128) }
  return outgoingOf({ forged: { fields: forged }, newest: { fields: newest }, stale: { fields: stale } }, delivery, clock)
}

/** The provider behind its counter: changes payments, and tells the merchant of each change until it is acknowledged. */
export function openDesk(options: DeskOptions) {
  const { memory, clock } = options
  /** Changes a payment and queues the notification of it. */
  const change = (transaction: Transaction, changes: Partial<Transaction>, delivery: Delivery = {}): Transaction => {
    const changed = { ...transaction, ...changes }
    const told = { ...changed, outgoing: [...changed.outgoing, ...notificationsOf(changed, delivery, options)] }
    memory.save(told)
    return told
  }
  const pay = (transaction: Transaction, delivery: Delivery): Transaction => {
    const now = clock.now()
    if (transaction.paymentType === 'credit_card')
      return change(transaction, { status: 'capture', settleAt: later(now, cardSettlesAfterMs) }, delivery)
    return change(transaction, { status: 'settlement', settledAt: now.toISOString() }, delivery)
  }
  const moveOn = (transaction: Transaction, now: string): void => {
    const { status, expiresAt, settleAt } = transaction
    if (status === 'pending' && expiresAt <= now) change(transaction, { status: 'expire' })
    // A card page that expires says nothing, as the real one.
    if (status === 'page' && expiresAt <= now) memory.save({ ...transaction, status: 'expire' })
    if (status === 'capture' && settleAt !== undefined && settleAt <= now)
      change(transaction, { status: 'settlement', settledAt: now })
  }
  /** Lets time pass: expires, settles, and sends every notification that is due, in order. Says how many it sent. */
  const run = async (): Promise<number> => {
    const now = clock.now().toISOString()
    for (const transaction of memory.all.values()) moveOn(transaction, now)
    return deliverDue(options)
  }
  return { change, pay, run }
}

/** See openDesk. */
export type Desk = ReturnType<typeof openDesk>
