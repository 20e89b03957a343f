import type { Clock } from '@pasar/shared/clock'
import type { PaidBack, PaidOut } from '../../simulators/payment-simulator.ts'
import type { Broken } from './broken.ts'
import type { RefundFact, WithdrawalFact } from './facts.ts'

/** What is known of a market that no database of it holds. */
export interface Outside {
  readonly clock: Clock
  /** What the payment providers' own books say that they paid back. */
  paidBack(): readonly PaidBack[]
  /** What they say that banks have of withdrawals. */
  paidOut(): readonly PaidOut[]
  /** Events that were published and not handed over, in words. */
  undelivered(): readonly string[]
}

const says = (invariant: Broken['invariant'], what: string): Broken => ({ invariant, what })

/** Where the market's books and the providers' disagree about money that went back. Pure. */
export function contradictionsOutside(refunds: readonly RefundFact[], paidBack: readonly PaidBack[]): Broken[] {
  const known = new Map(refunds.map((refund) => [refund.id, refund]))
  const paid = new Map(paidBack.map((one) => [one.refundKey, one]))
  const isDone = ({ state, against }: RefundFact) => state === 'COMPLETED' && against === 'PROVIDER'
  return [
    ...paidBack.flatMap(({ refundKey, paymentId, amount }) => {
      const refund = known.get(refundKey)
      const at = `the provider paid ${amount} of ${paymentId} back as ${refundKey}`
      if (!refund) return [says('I8', `${at}, which payments does not know`)]
      if (!isDone(refund)) return [says('I8', `${at}, which is ${refund.state} against ${refund.against}`)]
      return refund.amount === amount && refund.paymentId === paymentId
        ? []
        : [says('I8', `${at}, which is of ${refund.amount} of ${refund.paymentId}`)]
    }),
    ...(paid.size === paidBack.length ? [] : [says('I8', 'the provider paid a refund back twice')]),
    ...refunds
      .filter((refund) => isDone(refund) && !paid.has(refund.id))
      .map(({ id, orderId }) =>
        says('I7', `refund ${id} of order ${orderId} is COMPLETED, and the provider has not paid it back`),
      ),
  ]
}

/** Where the market's books and the providers' disagree about money that shops took out. Pure. */
export function contradictionsOfPayouts(withdrawals: readonly WithdrawalFact[], paidOut: readonly PaidOut[]): Broken[] {
  const known = new Map(withdrawals.map((withdrawal) => [withdrawal.id, withdrawal]))
  const atBank = new Set(paidOut.map(({ withdrawalId }) => withdrawalId))
  return [
    ...paidOut.flatMap(({ withdrawalId, amount }) => {
      const withdrawal = known.get(withdrawalId)
      const at = `a bank has ${amount} of ${withdrawalId}`
      if (!withdrawal) return [says('I8', `${at}, which payments does not know`)]
      if (withdrawal.state !== 'PAID') return [says('I8', `${at}, which is ${withdrawal.state}`)]
      return withdrawal.amount === amount ? [] : [says('I8', `${at}, which is of ${withdrawal.amount}`)]
    }),
    ...(atBank.size === paidOut.length ? [] : [says('I8', 'a bank has a withdrawal twice')]),
    ...withdrawals
      .filter(({ id, state }) => state === 'PAID' && !atBank.has(id))
      .map(({ id }) => says('I7', `withdrawal ${id} is PAID, and no bank has it`)),
  ]
}
