/** A market of one buyer and two shops with one thing each, as it ought to be. Pure: no process of it ever dies. */
export interface Model {
  now: number
  readonly goods: { price: number; free: number }[]
  /** Units in the cart, by thing. */
  readonly cart: Map<number, number>
  readonly checkouts: ModelCheckout[]
}

export interface ModelCheckout {
  state: 'AWAITING_PAYMENT' | 'PAID' | 'FAILED' | 'EXPIRED' | 'CANCELLED'
  readonly items: number
  readonly payBy: number
  readonly orders: ModelOrder[]
  /** The money was taken, or can no longer be. */
  isClosed: boolean
}

export interface ModelOrder {
  readonly good: number
  readonly units: number
  state: 'AWAITING_PAYMENT' | 'PAID' | 'READY_TO_SHIP' | 'SHIPPED' | 'DELIVERED' | 'COMPLETED' | 'CANCELLED'
  /** When its next deadline moves it on; it has one while it is PAID or DELIVERED. */
  due: number
}

const hour = 3_600_000

export const newModel = (now: number, goods: readonly { readonly price: number; readonly free: number }[]): Model => ({
  now,
  goods: goods.map((one) => ({ ...one })),
  cart: new Map(),
  checkouts: [],
})

const give = (model: Model, { good, units }: ModelOrder) => void (model.goods[good]!.free += units)
const take = (model: Model, { good, units }: ModelOrder) => void (model.goods[good]!.free -= units)

/** Whether it fits into the cart; a cart knows what is on the shelf. */
export function addToCart(model: Model, good: number, units: number): boolean {
  const wanted = (model.cart.get(good) ?? 0) + units
  if (wanted > model.goods[good]!.free) return false
  model.cart.set(good, wanted)
  return true
}

export const changePrice = (model: Model, good: number, price: number) => void (model.goods[good]!.price = price)

/** Buys the cart, or says why not. */
export function checkout(model: Model): 'placed' | 'refused' {
  const lines = [...model.cart]
  if (lines.length === 0 || lines.some(([good, units]) => model.goods[good]!.free < units)) return 'refused'
  const orders = lines.map(([good, units]): ModelOrder => ({ good, units, state: 'AWAITING_PAYMENT', due: Infinity }))
  for (const order of orders) take(model, order)
  const items = orders.reduce((sum, { good, units }) => sum + model.goods[good]!.price * units, 0)
  model.cart.clear()
  model.checkouts.push({ state: 'AWAITING_PAYMENT', items, payBy: model.now + 24 * hour, orders, isClosed: false })
  return 'placed'
}

function markPaid(model: Model, one: ModelCheckout): void {
  one.state = 'PAID'
  for (const order of one.orders) Object.assign(order, { state: 'PAID', due: model.now + 48 * hour })
}

/** The buyer pays; after the end only where the goods are still there, and not where the buyer had cancelled: else the money goes back. */
export function pay(model: Model, one: ModelCheckout): void {
  one.isClosed = true
  if (one.state === 'AWAITING_PAYMENT') return markPaid(model, one)
  const isThere = one.orders.every(({ good, units }) => model.goods[good]!.free >= units)
  if (one.state === 'CANCELLED' || !isThere) return
  for (const order of one.orders) take(model, order)
  markPaid(model, one)
}

/** Ends a checkout that is not paid; its stock comes back. */
export function abandon(model: Model, one: ModelCheckout, state: 'FAILED' | 'EXPIRED' | 'CANCELLED'): void {
  one.state = state
  one.isClosed ||= state === 'FAILED'
  for (const order of one.orders) end(model, order)
}

/** Ends an order without a sale. */
export function end(model: Model, order: ModelOrder): void {
  Object.assign(order, { state: 'CANCELLED', due: Infinity })
  give(model, order)
}

export const ship = (order: ModelOrder) => void (order.state = 'SHIPPED')
export const accept = (order: ModelOrder) => void Object.assign(order, { state: 'READY_TO_SHIP', due: Infinity })
export const complete = (order: ModelOrder) => void Object.assign(order, { state: 'COMPLETED', due: Infinity })
export const deliver = (model: Model, order: ModelOrder) =>
  void Object.assign(order, { state: 'DELIVERED', due: model.now + 72 * hour })

/** Lets time pass up to a moment: whatever was due by then has happened. */
export function passTo(model: Model, now: number): void {
  model.now = now
  for (const one of model.checkouts) {
    if (one.state === 'AWAITING_PAYMENT' && one.payBy <= now) abandon(model, one, 'EXPIRED')
    for (const order of one.orders) {
      if (order.due > now) continue
      if (order.state === 'PAID') end(model, order)
      else complete(order)
    }
  }
}

/** What a buyer, the sellers and the shelf can see of it. */
export const seen = ({ checkouts, goods }: Model) => ({
  checkouts: checkouts.map(({ state, items, orders }) => ({
    state,
    items,
    orders: orders.map((order) => order.state).toSorted(),
  })),
  free: goods.map(({ free }) => free),
})
