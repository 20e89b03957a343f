import { abandonOrder, giveBackAll, passOrder, payOrder, type ModelOrder } from './order.ts'

/** A market of one buyer and two shops with one thing each, as it ought to be. Pure: no process of it ever dies. */
export interface Model {
  now: number
  readonly goods: { price: number; free: number }[]
  /** What is in the cart, by thing. */
  readonly cart: Map<number, ModelLine>
  readonly checkouts: ModelCheckout[]
}

/** Units of one thing at the price that the buyer was shown. */
interface ModelLine {
  readonly units: number
  readonly seenPrice: number
}

export interface ModelCheckout {
  state: 'AWAITING_PAYMENT' | 'PAID' | 'FAILED' | 'EXPIRED' | 'CANCELLED'
  readonly items: number
  readonly payBy: number
  readonly orders: ModelOrder[]
  /** The money was taken, or can no longer be. */
  isClosed: boolean
}

const hour = 3_600_000

export const newModel = (now: number, goods: readonly { readonly price: number; readonly free: number }[]): Model => ({
  now,
  goods: goods.map((one) => ({ ...one })),
  cart: new Map(),
  checkouts: [],
})

/** Whether it fits into the cart; a cart knows what is on the shelf. */
export function addToCart(model: Model, good: number, units: number): boolean {
  const { units: before, seenPrice } = model.cart.get(good) ?? { units: 0, seenPrice: model.goods[good]!.price }
  if (before + units > model.goods[good]!.free) return false
  model.cart.set(good, { units: before + units, seenPrice })
  return true
}

/** Another number of units of what is in the cart. */
export function changeQuantity(model: Model, good: number, units: number): boolean {
  if (units > model.goods[good]!.free) return false
  model.cart.set(good, { ...model.cart.get(good)!, units })
  return true
}

/** The seller puts units onto the shelf, or takes some away that nobody has bought. */
export const changeStock = (model: Model, good: number, delta: number) => void (model.goods[good]!.free += delta)

export const changePrice = (model: Model, good: number, price: number) => void (model.goods[good]!.price = price)

/** Whether the cart can be bought as it is. */
export const canCheckOut = ({ cart, goods }: Model): boolean =>
  cart.size > 0 && [...cart].every(([good, { units }]) => goods[good]!.free >= units)

/** Whether the buyer has been shown what the cart costs. */
export const knowsPrice = ({ cart, goods }: Model): boolean =>
  [...cart].reduce((change, [good, { units, seenPrice }]) => change + (goods[good]!.price - seenPrice) * units, 0) === 0

/** How long each way to pay waits for the money, in hours. */
const payWithinHours = { QRIS: 0.25, BCA_VA: 24 } as const

export type PaymentMethod = keyof typeof payWithinHours

/** Buys the cart; what the couriers ask for each thing's way is theirs to say. */
export function checkout(model: Model, method: PaymentMethod, shipping: (good: number) => number): void {
  const lines = [...model.cart].toSorted(([a], [b]) => a - b)
  const orders = lines.map(([good, { units }]): ModelOrder => {
    const { price } = model.goods[good]!
    const untouched = { left: units, refunded: 0, due: Infinity, lateAt: Infinity, hasAsked: false }
    return { good, units, price, shipping: shipping(good), state: 'AWAITING_PAYMENT', ...untouched }
  })
  for (const { good, units } of orders) model.goods[good]!.free -= units
  const items = orders.reduce((sum, { price, units }) => sum + price * units, 0)
  model.cart.clear()
  const payBy = model.now + payWithinHours[method] * hour
  model.checkouts.push({ state: 'AWAITING_PAYMENT', items, payBy, orders, isClosed: false })
}

function markPaid(model: Model, one: ModelCheckout): void {
  one.state = 'PAID'
  for (const order of one.orders) payOrder(model, order)
}

/** The buyer pays; after the end only where the goods are still there, and not where the buyer had cancelled: else the money goes back. */
export function pay(model: Model, one: ModelCheckout): void {
  one.isClosed = true
  if (one.state === 'AWAITING_PAYMENT') return markPaid(model, one)
  const isThere = one.orders.every(({ good, units }) => model.goods[good]!.free >= units)
  if (one.state === 'CANCELLED' || !isThere) return one.orders.forEach(giveBackAll)
  for (const order of one.orders) {
    order.left = order.units
    model.goods[order.good]!.free -= order.units
  }
  return markPaid(model, one)
}

/** Ends a checkout that is not paid; its stock comes back. */
export function abandon(model: Model, one: ModelCheckout, state: 'FAILED' | 'EXPIRED' | 'CANCELLED'): void {
  one.state = state
  one.isClosed ||= state === 'FAILED'
  for (const order of one.orders) abandonOrder(model, order)
}

/** Lets time pass up to a moment: whatever was due by then has happened. */
export function passTo(model: Model, now: number): void {
  model.now = now
  for (const one of model.checkouts) {
    if (one.state === 'AWAITING_PAYMENT' && one.payBy <= now) abandon(model, one, 'EXPIRED')
    // Until the last millisecond a deadline is kept.
    for (const order of one.orders) if (order.due < now) passOrder(model, order)
  }
}

/** What a buyer, the sellers and the shelf can see of it. */
export const seen = ({ checkouts, goods }: Model) => ({
  checkouts: checkouts.map(({ state, items, orders }) => ({
    state,
    items,
    orders: orders.map((order) => ({ good: order.good, state: order.state, refunded: order.refunded })),
  })),
  free: goods.map(({ free }) => free),
})
