import type { Clock } from '@pasar/shared/clock'
import { errorDetails, type Log } from '@pasar/shared/log'
import type { Remembered } from '../remembered.ts'
import { fieldsOf, type Outgoing, type Transaction } from './transaction.ts'

/** How notifications of one change go out. */
export interface Delivery {
  /** How many more times each is sent. */
  readonly duplicate?: number
  readonly delaySeconds?: number
  /** An older notification comes after the newer one. */
  readonly reorder?: boolean
  /** One with a wrong signature comes first. */
  readonly forge?: boolean
}

/** What the simulated provider works with. */
export interface DeskOptions {
  readonly memory: Remembered<Transaction>
  readonly notificationUrl: string
  readonly serverKey: string
  readonly clock: Clock
  readonly log: Log
}

/** A bank settles a card's capture the next day; nobody wants to wait for that in front of a simulator. */
const cardSettlesAfterMs = 2_000
/** Pauses before each further attempt; Midtrans does not publish its own. */
const retryPausesMs = [2_000, 10_000, 30_000, 120_000, 300_000, 1_800_000]
const answerTimeoutMs = 15_000

const later = (time: Date, milliseconds: number) => new Date(time.getTime() + milliseconds).toISOString()

/** The notifications of a payment as it is now. */
function notificationsOf(transaction: Transaction, delivery: Delivery, { serverKey, clock }: DeskOptions): readonly Outgoing[] {
  const { duplicate = 0, delaySeconds = 0, reorder = false, forge = false } = delivery
  const dueAt = later(clock.now(), delaySeconds * 1000)
  const newest = fieldsOf(transaction, serverKey)
  const copies = Array.from({ length: 1 + duplicate }, () => newest)
  const before = transaction.status === 'settlement' && transaction.paymentType === 'credit_card' ? 'capture' : 'pending'
  const stale = reorder ? [fieldsOf({ ...transaction, status: before }, serverKey)] : []
  const forged = forge ? [{ ...newest, signature_key: '0'.repeat(128) }] : []
  return [...forged, ...copies, ...stale].map((fields) => ({ fields, dueAt, attempts: 0 }))
}

/** Whether the merchant need not be told again: acknowledged, or refused for good (a forged one). */
async function send({ fields }: Outgoing, { notificationUrl, log }: DeskOptions): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(answerTimeoutMs)
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(notificationUrl, {
      method: 'POST',
      headers,
      body: JSON.stringify(fields),
      redirect: 'manual',
      signal,
    })
    await response.arrayBuffer()
    return response.ok || response.status === 403
  } catch (error) {
    log.debug(errorDetails(error), 'a payment notification was not delivered')
    return false
  }
}

/** Sends one notification and remembers whether it must be sent again. */
async function deliver(orderId: string, item: Outgoing, options: DeskOptions): Promise<void> {
  const { memory, clock } = options
  const done = await send(item, options)
  const transaction = memory.all.get(orderId)!
  const pause = retryPausesMs[item.attempts]
  const again = done || pause === undefined ? [] : [{ ...item, attempts: item.attempts + 1, dueAt: later(clock.now(), pause) }]
  memory.save({ ...transaction, outgoing: [...transaction.outgoing.filter((other) => other !== item), ...again] })
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
    let sent = 0
    for (const { orderId, outgoing } of memory.all.values()) {
      for (const item of outgoing.filter(({ dueAt }) => dueAt <= now)) {
        await deliver(orderId, item, options)
        sent += 1
      }
    }
    return sent
  }
  return { change, pay, run }
}

/** See openDesk. */
export type Desk = ReturnType<typeof openDesk>
