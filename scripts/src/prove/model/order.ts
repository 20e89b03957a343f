import type { ModelSale } from './sale.ts'
import type { ModelVoucher } from './voucher.ts'

/** An order as it ought to be: of one thing, by one buyer. Pure. */
export interface ModelOrder {
  readonly good: number
  readonly units: number
  readonly price: number
  readonly shipping: number
  /** What its voucher takes off the goods. */
  readonly discount: number
  readonly voucher: ModelVoucher | undefined
  /** The flash sale whose price it is. */
  readonly sale: ModelSale | undefined
  state: ModelOrderState
  /** Units that were not given back. */
  left: number
  /** Money that was given back. */
  refunded: number
  /** When its next deadline moves it on. */
  due: number
  /** From when on the seller is late to ship. */
  lateAt: number
  /** The buyer has asked to cancel it, which may be done once. */
  hasAsked: boolean
  /** When the buyer asked the courier to fetch the return. */
  pickupAt?: number
  claim?: Claim
}

export type ModelOrderState =
  | 'AWAITING_PAYMENT'
  | 'PAID'
  | 'READY_TO_SHIP'
  | 'CANCEL_REQUESTED'
  | 'SHIPPED'
  | 'DELIVERED'
  | 'RETURN_REQUESTED'
  | 'RETURN_APPROVED'
  | 'RETURN_REFUSED'
  | 'RETURN_SENT'
  | 'RETURN_ARRIVED'
  | 'MEDIATION'
  | 'COMPLETED'
  | 'CANCELLED'

/** What a buyer wants to have back. */
export interface Claim {
  readonly units: number
  readonly money: number
  readonly isFaulty: boolean
  readonly goodsGoBack: boolean
}

/** The time and the shelves that orders are part of. */
interface Market {
  readonly now: number
  readonly goods: readonly { free: number }[]
}

const hour = 3_600_000

/** How long an order stays in a state that does not last, in hours. */
const hoursIn: Readonly<Partial<Record<ModelOrderState, number>>> = {
  PAID: 48,
  CANCEL_REQUESTED: 24,
  DELIVERED: 72,
  RETURN_REQUESTED: 48,
  RETURN_APPROVED: 120,
  RETURN_ARRIVED: 48,
  RETURN_REFUSED: 48,
  MEDIATION: 168,
}

const shipWithinHours = 72

/** Brings an order into a state, whose deadline runs from now on. */
export const go = ({ now }: Market, order: ModelOrder, state: ModelOrderState): void =>
  void Object.assign(order, { state, due: now + (hoursIn[state] ?? Infinity) * hour })

/** What the buyer has paid for it. */
export const totalOf = ({ price, units, discount, shipping }: ModelOrder) => price * units - discount + shipping

/** What the buyer has paid for so many of the units that are left: each is worth its part of the discount, and all together what all cost. */
function paidFor({ price, discount, units, left }: ModelOrder, wanted: number): number {
  const ofFirst = (count: number) => price * count - Math.floor((discount * count) / units)
  return ofFirst(units - left + wanted) - ofFirst(units - left)
}

const restock = ({ goods }: Market, { good }: ModelOrder, units: number) => void (goods[good]!.free += units)

export const payOrder = (market: Market, order: ModelOrder) => go(market, order, 'PAID')

/** All of its money goes back. */
export const giveBackAll = (order: ModelOrder): void => void (order.refunded = totalOf(order))

/** Ends an order that is not paid. */
export function abandonOrder(market: Market, order: ModelOrder): void {
  go(market, order, 'CANCELLED')
  restock(market, order, order.left)
  order.left = 0
}

/** Ends a paid order without a sale; its goods come back unless they are lost. */
export function endOrder(market: Market, order: ModelOrder, goods: 'in the shop' | 'lost' = 'in the shop'): void {
  go(market, order, 'CANCELLED')
  giveBackAll(order)
  if (goods === 'in the shop') restock(market, order, order.left)
  order.left = 0
}

/** The seller agrees; a courier is booked. */
export function acceptOrder(market: Market, order: ModelOrder): void {
  go(market, order, 'READY_TO_SHIP')
  order.lateAt = market.now + shipWithinHours * hour
}

/** The seller cannot send some of it. */
export function cancelUnits(market: Market, order: ModelOrder, units: number): void {
  order.refunded += paidFor(order, units)
  order.left -= units
  restock(market, order, units)
}

export function askToCancel(market: Market, order: ModelOrder): void {
  go(market, order, 'CANCEL_REQUESTED')
  order.hasAsked = true
}

/** The buyer wants some of it back; with the last of the goods the shipping as well, where the seller is at fault. */
export function claimReturn(
  market: Market,
  order: ModelOrder,
  { units, isFaulty, goodsGoBack }: { units: number; isFaulty: boolean; goodsGoBack: boolean },
): void {
  const shipping = isFaulty && units === order.left ? order.shipping : 0
  order.claim = { units, money: paidFor(order, units) + shipping, isFaulty, goodsGoBack }
  go(market, order, 'RETURN_REQUESTED')
}

/** The seller agrees to a return, or says nothing. */
export function approve(market: Market, order: ModelOrder): void {
  if (order.claim!.goodsGoBack) go(market, order, 'RETURN_APPROVED')
  else payClaim(market, order)
}

/** What was claimed goes back, or another amount; an order of which nothing is left ends without a sale. */
export function payClaim(market: Market, order: ModelOrder, money = order.claim!.money): void {
  order.refunded += money
  go(market, order, order.refunded === totalOf(order) ? 'CANCELLED' : 'COMPLETED')
}

/** The seller has what came back, and says whether it can be sold again. */
export function inspect(
  market: Market,
  order: ModelOrder,
  { accepts, canBeSold }: { accepts: boolean; canBeSold: boolean },
): void {
  if (canBeSold) restock(market, order, order.claim!.units)
  if (accepts) payClaim(market, order)
  else go(market, order, 'MEDIATION')
}

/** Staff give some of a finished order back; it stays sold. */
export const grantAfterwards = (order: ModelOrder, money: number): void => void (order.refunded += money)

const finish = (market: Market, order: ModelOrder) => go(market, order, 'COMPLETED')

/** The goods were not sent back in time: a courier who was asked a day before, and did not come, is to blame. */
function stopReturn(market: Market, order: ModelOrder): void {
  const isInVain = order.pickupAt !== undefined && market.now - order.pickupAt >= 24 * hour
  go(market, order, isInVain ? 'MEDIATION' : 'COMPLETED')
}

/** What happens where nobody does anything in time. */
const passed: Readonly<Partial<Record<ModelOrderState, (market: Market, order: ModelOrder) => void>>> = {
  PAID: endOrder,
  CANCEL_REQUESTED: endOrder,
  DELIVERED: finish,
  RETURN_REQUESTED: approve,
  RETURN_APPROVED: stopReturn,
  RETURN_ARRIVED: (market, order) => inspect(market, order, { accepts: true, canBeSold: !order.claim!.isFaulty }),
  RETURN_REFUSED: finish,
  MEDIATION: payClaim,
}

/** The deadline of an order's state passes. */
export const passOrder = (market: Market, order: ModelOrder): void => passed[order.state]?.(market, order)
