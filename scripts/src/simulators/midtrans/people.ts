import { randomUUID } from 'node:crypto'
import type { Route } from '@pasar/shared/http/server'
import type { Delivery } from '../deliveries.ts'
import { counterRoutes } from '../desk-page.ts'
import type { Remembered } from '../remembered.ts'
import type { Desk } from './desk.ts'
import type { Transaction } from './transaction.ts'

/** What the counter for people works with. */
export interface PeopleOptions {
  readonly memory: Remembered<Transaction>
  readonly desk: Desk
  /** Notifications are to go out now. */
  wake(): void
}

/** A page stays open when a card is declined: its buyer may try another. */
const mayTryAgain = ({ status, paymentType }: Transaction) => status === 'deny' && paymentType === 'credit_card'

const isOpen = (transaction: Transaction) =>
  transaction.status === 'pending' || transaction.status === 'page' || mayTryAgain(transaction)

/** Each card that is tried is a transaction of its own. */
const triedAgain = (transaction: Transaction): Transaction =>
  mayTryAgain(transaction) ? { ...transaction, transactionId: randomUUID() } : transaction

type Act = (desk: Desk, transaction: Transaction, delivery: Delivery) => Transaction

/** Paying after the expiry is possible on purpose: it happens. */
const acts: Readonly<Record<string, { readonly from: readonly Transaction['status'][]; readonly act: Act }>> = {
  pay: { from: ['pending', 'page', 'expire', 'cancel'], act: (desk, transaction, delivery) => desk.pay(transaction, delivery) },
  deny: {
    from: ['pending', 'page'],
    act: (desk, transaction, delivery) => desk.change(transaction, { status: 'deny' }, delivery),
  },
  expire: {
    from: ['pending', 'page'],
    act: (desk, transaction, delivery) => desk.change(transaction, { status: 'expire' }, delivery),
  },
}

/** What a person at the counter can do, under `/simulators/midtrans`. */
export const peopleRoutes = ({ memory, desk, wake }: PeopleOptions): readonly Route[] =>
  counterRoutes({
    path: 'midtrans',
    title: 'Midtrans (simulated)',
    actions: Object.keys(acts),
    waiting: () =>
      [...memory.all.values()]
        .filter(isOpen)
        .toReversed()
        .map(({ orderId, amount, paymentType, bank, vaNumber, expiresAt }) => ({
          id: orderId,
          how: [paymentType, bank, vaNumber].filter((part) => part !== undefined).join(' '),
          amount,
          expiresAt,
        })),
    press: (id, action, delivery) => {
      const transaction = memory.all.get(id)
      const { from, act } = acts[action]!
      if (!transaction) return undefined
      if (!from.includes(transaction.status) && !mayTryAgain(transaction)) return `The payment is ${transaction.status} already`
      const { orderId, status, outgoing } = act(desk, triedAgain(transaction), delivery)
      wake()
      return { orderId, status, notifications: outgoing.length }
    },
  })
