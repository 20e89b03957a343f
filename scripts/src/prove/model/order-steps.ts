import { onTheWay } from './courier-steps.ts'
import type { Model } from './model.ts'
import { does, unitsOf, type OrderStep } from './order-at.ts'
import {
  acceptOrder,
  approve,
  askToCancel,
  cancelUnits,
  claimReturn,
  endOrder,
  go,
  grantAfterwards,
  inspect,
  payClaim,
  totalOf,
  type ModelOrder,
} from './order.ts'

const isLate = ({ now }: Model, { lateAt }: ModelOrder) => lateAt < now
const even = (dice: number) => dice % 2 === 0
const note = 'Begini ceritanya.'

/** Until the courier has it. */
const beforeShipping: readonly OrderStep[] = [
  {
    name: 'accept',
    from: ['PAID'],
    often: 6,
    run: async (at) => {
      await does(at, 'seller', ['acceptOrder'])
      acceptOrder(at.model, at.one)
    },
  },
  {
    name: 'reject',
    from: ['PAID'],
    run: async (at) => {
      await does(at, 'seller', ['rejectOrder', { reason: 'OUT_OF_STOCK', note }])
      endOrder(at.model, at.one)
    },
  },
  {
    name: 'cancelLines',
    from: ['PAID', 'READY_TO_SHIP'],
    when: (_, { left }) => left > 1,
    run: async (at) => {
      const units = 1 + (at.dice % (at.one.left - 1))
      await does(at, 'seller', ['cancelLines', { ...(await unitsOf(at, units)), reason: 'OUT_OF_STOCK', note }])
      cancelUnits(at.model, at.one, units)
    },
  },
  {
    name: 'cancelOrder',
    from: ['PAID', 'READY_TO_SHIP', 'CANCEL_REQUESTED'],
    when: (model, one) => one.state === 'PAID' || isLate(model, one),
    run: async (at) => {
      await does(at, 'buyer', ['cancelOrder', { note }])
      endOrder(at.model, at.one)
    },
  },
  {
    name: 'cancel as staff',
    from: ['PAID', 'READY_TO_SHIP', 'CANCEL_REQUESTED'],
    run: async (at) => {
      await does(at, 'staff', ['cancelOrder', { note }])
      endOrder(at.model, at.one)
    },
  },
  {
    name: 'requestCancel',
    from: ['READY_TO_SHIP'],
    when: (model, one) => !one.hasAsked && !isLate(model, one),
    often: 2,
    run: async (at) => {
      await does(at, 'buyer', ['requestCancel', { note }])
      askToCancel(at.model, at.one)
    },
  },
  {
    name: 'answerCancelRequest',
    from: ['CANCEL_REQUESTED'],
    often: 2,
    run: async (at) => {
      const grant = even(at.dice)
      await does(at, 'seller', ['answerCancelRequest', { grant, note }])
      if (grant) endOrder(at.model, at.one)
      else go(at.model, at.one, 'READY_TO_SHIP')
    },
  },
]

/** When the buyer has it. */
const afterDelivery: readonly OrderStep[] = [
  {
    name: 'complete',
    from: ['DELIVERED'],
    run: async (at) => {
      await does(at, 'buyer', ['confirmReceipt'])
      go(at.model, at.one, 'COMPLETED')
    },
  },
  {
    name: 'requestReturn',
    from: ['DELIVERED'],
    often: 8,
    run: async (at) => {
      const units = 1 + (at.dice % at.one.left)
      const [isFaulty, goodsGoBack] = [even(at.dice >> 3), even(at.dice >> 4) || even(at.dice >> 5)]
      const reason = isFaulty ? 'DAMAGED' : 'CHANGED_MIND'
      const solution = goodsGoBack ? 'RETURN_AND_REFUND' : 'REFUND_ONLY'
      await does(at, 'buyer', ['requestReturn', { ...(await unitsOf(at, units)), reason, solution, note }])
      claimReturn(at.model, at.one, { units, isFaulty, goodsGoBack })
    },
  },
  {
    name: 'approveReturn',
    from: ['RETURN_REQUESTED'],
    often: 4,
    run: async (at) => {
      await does(at, 'seller', ['answerReturn', { approve: true }])
      approve(at.model, at.one)
    },
  },
  {
    name: 'refuseReturn',
    from: ['RETURN_REQUESTED'],
    run: async (at) => {
      await does(at, 'seller', ['answerReturn', { approve: false, note }])
      go(at.model, at.one, 'RETURN_REFUSED')
    },
  },
  {
    name: 'withdrawReturn',
    from: ['RETURN_REQUESTED', 'RETURN_APPROVED', 'RETURN_REFUSED'],
    run: async (at) => {
      await does(at, 'buyer', ['withdrawReturn'])
      go(at.model, at.one, 'COMPLETED')
    },
  },
  {
    name: 'escalateReturn',
    from: ['RETURN_REFUSED'],
    often: 4,
    run: async (at) => {
      await does(at, 'buyer', ['escalateReturn', { note }])
      go(at.model, at.one, 'MEDIATION')
    },
  },
  {
    name: 'receiveReturn',
    from: ['RETURN_ARRIVED'],
    often: 2,
    run: async (at) => {
      const [accepts, canBeSold] = [even(at.dice), even(at.dice >> 1)]
      await does(at, 'seller', ['receiveReturn', { accept: accepts, restock: canBeSold, note }])
      inspect(at.model, at.one, { accepts, canBeSold })
    },
  },
  {
    name: 'mediate for the buyer',
    from: ['MEDIATION'],
    run: async (at) => {
      const { money } = at.one.claim!
      const amount = 1 + (at.dice % money)
      await does(at, 'staff', ['mediateReturn', { decision: 'REFUND', amount, note }])
      payClaim(at.model, at.one, amount)
    },
  },
  {
    name: 'mediate for the seller',
    from: ['MEDIATION'],
    run: async (at) => {
      await does(at, 'staff', ['mediateReturn', { decision: 'RELEASE', note }])
      go(at.model, at.one, 'COMPLETED')
    },
  },
  {
    name: 'refund afterwards',
    from: ['COMPLETED'],
    when: (_, one) => one.refunded < totalOf(one),
    run: async (at) => {
      const amount = 1 + (at.dice % (totalOf(at.one) - at.one.refunded))
      await does(at, 'staff', ['refundCompletedOrder', { amount, note }])
      grantAfterwards(at.one, amount)
    },
  },
]

const orderSteps: readonly OrderStep[] = [...beforeShipping, ...onTheWay, ...afterDelivery]

/** What orders may do, by name. */
export const orderStepNames = orderSteps.map(({ name }) => name)

/** A step that an order may make now. */
export interface PossibleStep {
  readonly step: OrderStep
  readonly one: ModelOrder
  /** Which of the buyer's checkouts the order is of. */
  readonly index: number
}

/** Every step that an order may make now, as often as it shall come. */
export const possibleSteps = (model: Model): readonly PossibleStep[] =>
  model.checkouts.flatMap(({ orders }, index) =>
    orders.flatMap((one) =>
      orderSteps
        .filter(({ from, when }) => from.includes(one.state) && (when === undefined || when(model, one)))
        .flatMap((step) => Array.from({ length: step.often ?? 1 }, () => ({ step, one, index }))),
    ),
  )
