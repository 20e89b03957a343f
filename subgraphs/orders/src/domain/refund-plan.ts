import type { WayBackBearer } from '@pasar/schema/events/orders'
import { minorUnits, sum, times, type Minor } from '@pasar/shared/money'
import type { Problem } from '@pasar/shared/problems'
import type { Order, OrderLine, ReturnSolution } from './order.ts'
import { splitRefund, type CostPart } from './refund-split.ts'
import { paidForUnits } from './voucher.ts'

/** So many units of a line; 0 where money goes back and the goods do not. */
export interface Units {
  readonly orderLineId: string
  readonly quantity: number
}

/** Part of a refund that is of one line. */
export interface LineRefund extends Units {
  readonly amount: Minor
}

/** More money was asked for than was paid for it. */
export type TooLarge = Problem<'RefundTooLarge', { most: bigint }>

/** What goes back of an order. */
export interface RefundPlan {
  readonly itemsAmount: Minor
  readonly shippingAmount: Minor
  readonly lines: readonly LineRefund[]
}

/** A line, and what is left of it, as it was paid, after what was cancelled, sent back or refunded before. */
export interface LineLeft {
  readonly line: OrderLine
  readonly quantity: number
  readonly amount: Minor
}

/** What is left of an order's goods and money. */
export interface Left {
  readonly lines: readonly LineLeft[]
  readonly shipping: Minor
}

export const totalOf = ({ itemsAmount, shippingAmount }: Pick<RefundPlan, 'itemsAmount' | 'shippingAmount'>): Minor =>
  sum([itemsAmount, shippingAmount])

/** What is left of an order after its refunds so far. */
export const leftOf = (order: Order, lines: readonly OrderLine[], gone: readonly LineRefund[]): Left => ({
  lines: lines.map((line) => {
    const own = gone.filter(({ orderLineId }) => orderLineId === line.id)
    const quantity = line.quantity - own.reduce((total, one) => total + one.quantity, 0)
    const paid = times(line.unitPrice, line.quantity) - line.discount
    return { line, quantity, amount: minorUnits(paid - sum(own.map(({ amount }) => amount))) }
  }),
  shipping: minorUnits(order.shippingCost - order.refundedShipping),
})

/** The same after one more refund. */
export const leftAfter = ({ lines, shipping }: Left, plan: RefundPlan): Left => ({
  lines: lines.map((left) => {
    const gone = plan.lines.find(({ orderLineId }) => orderLineId === left.line.id)
    return gone ? { ...left, quantity: left.quantity - gone.quantity, amount: minorUnits(left.amount - gone.amount) } : left
  }),
  shipping: minorUnits(shipping - plan.shippingAmount),
})

const planOf = (lines: readonly LineRefund[], shippingAmount: Minor): RefundPlan => ({
  itemsAmount: sum(lines.map(({ amount }) => amount)),
  shippingAmount,
  lines,
})

const none = 0n as Minor

/** All that is left goes back. */
export const planAll = ({ lines, shipping }: Left): RefundPlan =>
  planOf(
    lines
      .filter(({ quantity, amount }) => quantity > 0 || amount > 0n)
      .map(({ line, quantity, amount }) => ({ orderLineId: line.id, quantity, amount })),
    shipping,
  )

/** Units of some lines go back, without the shipping; undefined where there are not so many left. */
export function planUnits({ lines }: Left, wanted: readonly Units[]): RefundPlan | undefined {
  const planned = wanted.map(({ orderLineId, quantity }) => {
    const left = lines.find(({ line }) => line.id === orderLineId)
    return left && left.quantity >= quantity ? { orderLineId, quantity, amount: worthOf(left, quantity) } : undefined
  })
  return planned.includes(undefined) ? undefined : planOf(planned as LineRefund[], none)
}

/** The last units take the odd rupiah with them. */
const worthOf = ({ line, quantity, amount }: LineLeft, units: number): Minor => {
  const paid = paidForUnits(line, { units, after: line.quantity - quantity })
  return units === quantity || paid > amount ? amount : paid
}

/** A part of a plan's money, split by largest remainder over its lines and its shipping; the goods stay where they are. */
export function planAmount(amount: Minor, whole: RefundPlan): RefundPlan {
  const cost = (key: string, price: Minor): CostPart => ({ key, price, discount: none, tax: none })
  const shippingKey = 'shipping'
  const parts = [...whole.lines.map((line) => cost(line.orderLineId, line.amount)), cost(shippingKey, whole.shippingAmount)]
  const split = splitRefund(amount, parts)
  const lines = split.filter(({ key }) => key !== shippingKey)
  const shipping = split.find(({ key }) => key === shippingKey)
  return planOf(
    lines.map(({ key, amount: part }) => ({ orderLineId: key, quantity: 0, amount: part })),
    shipping?.amount ?? none,
  )
}

interface ReasonRule {
  /** Whether the seller answers for it: then the shipping goes back with the last of the goods. */
  readonly sellersFault: boolean
  /** Who bears what the courier asks for bringing the goods back. */
  readonly wayBackBorneBy: WayBackBearer
}

/** Why a buyer wants to return something, and what that means for the shipping. */
export const returnReasons = {
  DAMAGED: { sellersFault: true, wayBackBorneBy: 'SELLER' },
  WRONG_ITEM: { sellersFault: true, wayBackBorneBy: 'SELLER' },
  NOT_AS_DESCRIBED: { sellersFault: true, wayBackBorneBy: 'SELLER' },
  INCOMPLETE: { sellersFault: true, wayBackBorneBy: 'SELLER' },
  NOT_RECEIVED: { sellersFault: true, wayBackBorneBy: 'SELLER' },
  CHANGED_MIND: { sellersFault: false, wayBackBorneBy: 'MARKET' },
} as const satisfies Record<string, ReasonRule>

export type ReturnReason = keyof typeof returnReasons

/** What a buyer claims. */
export interface Claim {
  readonly reason: ReturnReason
  readonly solution: ReturnSolution
  readonly units: readonly Units[]
  /** Less than all of it; null for all. */
  readonly amount: Minor | null
}

/** What a claim would give back; undefined where there is not so much left of the lines or of the money. */
export function planClaim(left: Left, { reason, solution, units, amount }: Claim): RefundPlan | undefined {
  const goods = planUnits(left, units)
  if (!goods) return undefined
  const isRest = left.lines.every(
    ({ line, quantity }) => quantity === (units.find((one) => one.orderLineId === line.id)?.quantity ?? 0),
  )
  const whole = { ...goods, shippingAmount: isRest && returnReasons[reason].sellersFault ? left.shipping : none }
  if (amount !== null && amount > totalOf(whole)) return undefined
  if (amount !== null && amount < totalOf(whole)) return planAmount(amount, whole)
  return solution === 'REFUND_ONLY' ? { ...whole, lines: whole.lines.map((line) => ({ ...line, quantity: 0 })) } : whole
}
