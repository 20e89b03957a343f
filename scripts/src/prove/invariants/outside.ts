import type { Clock } from '@pasar/shared/clock'
import type { Booked } from '../../simulators/courier/parcel.ts'
import type { PaidBack, PaidOut } from '../../simulators/payment-simulator.ts'
import type { Broken } from './broken.ts'
import type { RefundFact, ShipmentFact, WithdrawalFact } from './facts.ts'

/** What is known of a market that no database of it holds. */
export interface Outside {
  readonly clock: Clock
  /** What the payment providers' own books say that they paid back. */
  paidBack(): readonly PaidBack[]
  /** What they say that banks have of withdrawals. */
  paidOut(): readonly PaidOut[]
  /** Parcels that couriers were asked for. */
  booked(): readonly Booked[]
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
    ...paidOut.flatMap(({ withdrawalId, amount, asked }) => {
      const withdrawal = known.get(withdrawalId)
      const at = `a bank has ${amount} of ${withdrawalId}`
      if (!withdrawal) return [says('I8', `${at}, which payments does not know`)]
      if (withdrawal.state !== 'PAID') return [says('I8', `${at}, which is ${withdrawal.state}`)]
      if (withdrawal.amount !== amount) return [says('I8', `${at}, which is of ${withdrawal.amount}`)]
      const isRight = [withdrawal.number, withdrawal.holder].every((part) => asked.includes(`"${part}"`))
      return isRight ? [] : [says('I3', `${at}, on another account than ${withdrawal.number} of ${withdrawal.holder}`)]
    }),
    ...(atBank.size === paidOut.length ? [] : [says('I8', 'a bank has a withdrawal twice')]),
    ...withdrawals
      .filter(({ id, state }) => state === 'PAID' && !atBank.has(id))
      .map(({ id }) => says('I7', `withdrawal ${id} is PAID, and no bank has it`)),
  ]
}

/** Where logistics and the couriers disagree about who comes for which parcel. Pure. */
export function contradictionsOfBookings(shipments: readonly ShipmentFact[], booked: readonly Booked[]): Broken[] {
  const known = new Map(shipments.map((shipment) => [shipment.id, shipment]))
  const tracked = new Set(booked.map(({ trackingNumber }) => trackingNumber))
  const coming = booked.filter(({ isCalledOff }) => !isCalledOff)
  return [
    ...coming.flatMap(({ shipmentId, trackingNumber }) => {
      const shipment = known.get(shipmentId)
      const at = `a courier has ${trackingNumber} of ${shipmentId}`
      if (!shipment) return [says('I4', `${at}, which logistics does not know`)]
      if (shipment.status === 'CANCELLED') return [says('I3', `${at}, which is called off`)]
      return shipment.trackingNumber === trackingNumber ? [] : [says('I4', `${at}, which is ${shipment.trackingNumber}`)]
    }),
    ...shipments
      .filter(({ trackingNumber }) => trackingNumber !== null && !tracked.has(trackingNumber))
      .map(({ id, trackingNumber }) => says('I7', `parcel ${id} is booked as ${trackingNumber}, which no courier knows`)),
  ]
}
