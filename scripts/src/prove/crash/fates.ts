import { splitOver, sumOf } from '../charges.ts'

/** Units of one thing, as they were bought. */
interface BoughtLine {
  readonly variantId: string
  /** The categories that it is in, from the topmost down to its own. */
  readonly path: readonly string[]
  readonly price: number
  readonly quantity: number
}

/** What was bought of one shop. */
export interface Bought {
  readonly shopId: string
  readonly lines: readonly BoughtLine[]
  /** What a voucher takes off. */
  readonly discount: number
  readonly shipping: number
  /** What the courier asks for bringing something back. */
  readonly wayBack: number
}

/** Something of an order goes back. */
export interface Back {
  /** Units of each line; all that is left, and the shipping, where it does not say. */
  readonly units?: readonly number[]
  /** So much of what was paid for that, while the goods stay where they are; all of it, and the goods as well, where it does not say. */
  readonly amount?: number
  /** With the last of the goods the shipping goes back, too. */
  readonly isSellersFault?: boolean
  /** What came back is not put on the shelf again. */
  readonly isUnsellable?: boolean
}

/** What became of an order. */
export interface Fate {
  /** Its money never came, is held, is released, or all of what was left of it went back. */
  readonly money: 'never came' | 'held' | 'released' | 'back'
  /** What went back before that, and after a release. */
  readonly before?: readonly Back[]
  readonly after?: readonly Back[]
  readonly parcel?: 'brought' | 'came back' | 'lost'
  /** Who bears that something was brought back to the shop. */
  readonly wayBackBorneBy?: 'seller' | 'market'
}

/** What is left of a line. */
interface LineLeft {
  readonly line: BoughtLine
  /** Its part of what a voucher takes off. */
  readonly discount: number
  readonly units: number
  readonly money: number
  /** Units that are not on the shelf again. */
  readonly gone: number
}

/** What is left of an order. */
interface Left {
  readonly lines: readonly LineLeft[]
  readonly shipping: number
}

/** A discount is split over the lines by what may be taken off each, for a rupiah of each unit is always paid. */
function asBought({ lines, discount, shipping }: Bought): Left {
  const weights = lines.map(({ price, quantity }) => (price - 1) * quantity)
  const discounts = splitOver(discount, weights)
  const left = lines.map((line, index): LineLeft => {
    const { price, quantity } = line
    return { line, discount: discounts[index]!, units: quantity, money: price * quantity - discounts[index]!, gone: quantity }
  })
  return { lines: left, shipping }
}

/** What was paid for the next units: of the line's discount as many parts as units, rounded down; the last ones take the odd rupiah. */
function worthOf({ line: { price, quantity }, discount, units: left, money }: LineLeft, units: number): number {
  if (units === left) return money
  const upTo = (count: number) => Math.floor((discount * count) / quantity)
  const before = quantity - left
  return Math.min(money, price * units - (upTo(before + units) - upTo(before)))
}

/** What is left after something went back, and how much that was: of each line, and of the shipping. */
function giveBack(left: Left, { units, amount, isSellersFault = false, isUnsellable = false }: Back) {
  const unitsOf = (index: number) => (units ? (units[index] ?? 0) : left.lines[index]!.units)
  const isRest = left.lines.every((line, index) => line.units === unitsOf(index))
  const shipping = units === undefined || (isRest && isSellersFault) ? left.shipping : 0
  const whole = [...left.lines.map((line, index) => (units ? worthOf(line, unitsOf(index)) : line.money)), shipping]
  const parts = amount === undefined ? whole : splitOver(amount, whole)
  const lines = left.lines.map((line, index): LineLeft => {
    const back = amount === undefined ? unitsOf(index) : 0
    const money = line.money - parts[index]!
    return { ...line, units: line.units - back, money, gone: line.gone - (isUnsellable ? 0 : back) }
  })
  return { left: { lines, shipping: left.shipping - parts.at(-1)! }, parts }
}

const goodsOf = ({ lines }: Left): number => sumOf(lines.map(({ money }) => money))

/** What went back of an order, one after the other, and what is left of it in the end. */
export function whatWentBack(order: Bought, { money, before = [], after = [], parcel }: Fate) {
  /** Of each time the parts, line by line, and the shipping. */
  const parts: (readonly number[])[] = []
  let left = asBought(order)
  const go = (back: Back) => {
    const gone = giveBack(left, back)
    left = gone.left
    parts.push(gone.parts)
  }
  before.forEach(go)
  /** What is in its parcel is worth so much. */
  const sent = goodsOf(left)
  const { shipping } = left
  if (money === 'back') go({ isUnsellable: parcel === 'lost' })
  after.forEach(go)
  const lateShipping = money === 'released' ? shipping - left.shipping : 0
  const gone = left.lines.map((line) => (money === 'never came' ? 0 : line.gone))
  return { parts, refunds: parts.map(sumOf), sent, lateShipping, gone, left: { ...left, goods: goodsOf(left) } }
}

/** See whatWentBack. */
export type WentBack = ReturnType<typeof whatWentBack>
