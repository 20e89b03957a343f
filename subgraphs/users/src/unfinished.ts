import { rupiah, type Minor } from '@pasar/shared/money'
import { problem } from '@pasar/shared/problems'
import type { UsersContext } from './context.ts'

const ofOrders = `query ($accountId: ID!) { ordersUnfinished(accountId: $accountId) { checkouts orders refunds } }`
const ofPayments = `query ($accountId: ID!) { paymentsOwed(accountId: $accountId) { balance refunds disputes } }`

interface OfOrders {
  readonly ordersUnfinished: { readonly checkouts: number; readonly orders: number; readonly refunds: number }
}

interface OfPayments {
  readonly paymentsOwed: { readonly balance: number; readonly refunds: number; readonly disputes: number }
}

/** Whose account it is, and how much money on its balance they give up. */
export interface Leaving {
  readonly accountId: string
  readonly givenUp: Minor
}

/** What of an account is under way elsewhere, if anything; throws Unavailable where somebody does not answer. */
export async function findUnfinished({ calls, requestId }: UsersContext, { accountId, givenUp }: Leaving) {
  const asked = { variables: { accountId }, requestId }
  const [{ ordersUnfinished }, { paymentsOwed }] = await Promise.all([
    calls<OfOrders>({ domain: 'orders', query: ofOrders, ...asked }),
    calls<OfPayments>({ domain: 'payments', query: ofPayments, ...asked }),
  ])
  const { orders: openOrders, checkouts: openCheckouts } = ordersUnfinished
  // One that orders has decided, and one that payments is at, are mostly the same.
  const openRefunds = Math.max(ordersUnfinished.refunds, paymentsOwed.refunds)
  const { disputes: openDisputes } = paymentsOwed
  const balance = rupiah(paymentsOwed.balance)
  if (openOrders + openCheckouts + openRefunds + openDisputes === 0 && balance.amount === givenUp) return undefined
  return problem('AccountStillInUse', { openOrders, openCheckouts, openRefunds, openDisputes, balance })
}
