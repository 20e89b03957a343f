import { abandonOrder, giveBackAll, passOrder, payOrder, totalOf, type ModelOrder } from './order.ts'
import { knowsBuyers, leftOf, soldOf, takenOf, type ModelSale, type SaleLimits } from './sale.ts'
import { discountOf, voucherRefusal, type ModelVoucher, type VoucherRefusal } from './voucher.ts'

/** A market of one buyer and two shops with one thing each, as it ought to be. Pure: no process of it ever dies. */
export interface Model {
  now: number
  readonly goods: { price: number; free: number }[]
  readonly vouchers: ModelVoucher[]
  readonly sales: ModelSale[]
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
  vouchers: [],
  sales: [],
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

/** The flash sale that runs of a thing. */
export const saleOf = ({ sales }: Model, good: number): ModelSale | undefined =>
  sales.find((sale) => sale.good === good && sale.state === 'RUNNING')

/** Sells a thing for less from now on. */
export function beginSale(model: Model, terms: SaleLimits & Pick<ModelSale, 'good' | 'endsAt'>, price: number): void {
  model.sales.push({ ...terms, regularPrice: model.goods[terms.good]!.price, state: 'RUNNING' })
  changePrice(model, terms.good, price)
}

/** Ends a flash sale; the price is the one of before. */
export function endSale(model: Model, sale: ModelSale, state: 'ENDED' | 'CANCELLED'): void {
  sale.state = state
  changePrice(model, sale.good, sale.regularPrice)
}

/** How often a voucher is used: by every order that has it and is not cancelled, whatever cancelled it. */
const usesOf = ({ checkouts }: Model, voucher: ModelVoucher): number =>
  checkouts.flatMap(({ orders }) => orders).filter((order) => order.voucher === voucher && order.state !== 'CANCELLED').length

/** A line of which there is not so much as is wanted. */
interface ShortLine {
  readonly good: number
  readonly available: number
}

/** Why nothing is bought. */
export type Refusal =
  | { readonly __typename: 'CheckoutOutOfStock' | 'CheckoutFlashSaleLimited'; readonly lines: readonly ShortLine[] }
  | { readonly __typename: 'CheckoutVoucherUnavailable'; readonly refusal: VoucherRefusal }
  | { readonly __typename: 'CheckoutPriceChanged' }

/** What a cart wants of each thing, the first thing first. */
const wantedOf = ({ cart }: Model) => [...cart].map(([good, line]) => ({ good, ...line })).toSorted((a, b) => a.good - b.good)

/** What there is too little of, where each thing has so much. */
const shortOf = (model: Model, available: (good: number) => number): readonly ShortLine[] =>
  wantedOf(model)
    .filter(({ good, units }) => available(good) < units)
    .map(({ good }) => ({ good, available: available(good) }))

const leftInSale = (model: Model, good: number): number => {
  const sale = saleOf(model, good)
  return sale ? leftOf(model.checkouts, sale) : Infinity
}

function refusalOfVoucher(model: Model, voucher: ModelVoucher): VoucherRefusal | undefined {
  const line = model.cart.get(voucher.good)
  if (!line) return 'NOT_FOR_THIS_CART'
  const items = model.goods[voucher.good]!.price * line.units
  return voucherRefusal(voucher, { items, used: usesOf(model, voucher), now: model.now })
}

/** Whether the buyer has been shown what the cart costs. */
const knowsPrice = ({ cart, goods }: Model): boolean =>
  [...cart].reduce((change, [good, { units, seenPrice }]) => change + (goods[good]!.price - seenPrice) * units, 0) === 0

/** Why the cart cannot be bought with these vouchers as it is; that it costs something else is said last. */
export function refusalOf(model: Model, vouchers: readonly ModelVoucher[]): Refusal | undefined {
  const gone = shortOf(model, (good) => model.goods[good]!.free)
  if (gone.length > 0) return { __typename: 'CheckoutOutOfStock', lines: gone }
  const limited = shortOf(model, (good) => leftInSale(model, good))
  if (limited.length > 0) return { __typename: 'CheckoutFlashSaleLimited', lines: limited }
  const [refusal] = vouchers.flatMap((voucher) => refusalOfVoucher(model, voucher) ?? [])
  if (refusal) return { __typename: 'CheckoutVoucherUnavailable', refusal }
  return knowsPrice(model) ? undefined : { __typename: 'CheckoutPriceChanged' }
}

/** The buyer agrees to what the cart costs now. */
export const acknowledge = ({ cart, goods }: Model): void => {
  for (const [good, line] of cart) cart.set(good, { ...line, seenPrice: goods[good]!.price })
}

/** How long each way to pay waits for the money, in hours. */
const payWithinHours = { QRIS: 0.25, BCA_VA: 24 } as const

export type PaymentMethod = keyof typeof payWithinHours

/** How a cart is bought: at most one voucher for each thing. */
interface Purchase {
  readonly method: PaymentMethod
  readonly vouchers: readonly ModelVoucher[]
  /** What the couriers ask for each thing's way is theirs to say. */
  shipping(good: number): number
}

/** Buys the cart. */
export function checkout(model: Model, { method, vouchers, shipping }: Purchase): ModelCheckout {
  const orders = wantedOf(model).map(({ good, units }): ModelOrder => {
    const { price } = model.goods[good]!
    const voucher = vouchers.find((one) => one.good === good)
    const discount = voucher ? discountOf(voucher, price * units) : 0
    const cheaper = { discount, voucher, sale: saleOf(model, good) }
    const untouched = { left: units, refunded: 0, due: Infinity, lateAt: Infinity, hasAsked: false }
    return { good, units, price, shipping: shipping(good), ...cheaper, state: 'AWAITING_PAYMENT', ...untouched }
  })
  for (const { good, units } of orders) model.goods[good]!.free -= units
  const items = orders.reduce((sum, { price, units }) => sum + price * units, 0)
  model.cart.clear()
  const payBy = model.now + payWithinHours[method] * hour
  const one: ModelCheckout = { state: 'AWAITING_PAYMENT', items, payBy, orders, isClosed: false }
  model.checkouts.push(one)
  return one
}

/** A flash sale of which all is paid is over. */
function markPaid(model: Model, one: ModelCheckout): void {
  one.state = 'PAID'
  for (const order of one.orders) {
    payOrder(model, order)
    const { sale } = order
    if (sale?.state === 'RUNNING' && soldOf(model.checkouts, sale) >= sale.units) endSale(model, sale, 'ENDED')
  }
}

/** Whether an order that ended unpaid can have all that it had: that voucher or sale is over meanwhile is no reason why not. */
function canHaveAgain(model: Model, { good, units, voucher, sale }: ModelOrder): boolean {
  if (model.goods[good]!.free < units) return false
  if (voucher && usesOf(model, voucher) >= Math.min(voucher.uses, voucher.usesPerBuyer)) return false
  return !sale || (knowsBuyers(sale, model.now) && leftOf(model.checkouts, sale) >= units)
}

/** The buyer pays; after the end only where all of it is to be had again, and not where the buyer had cancelled: else the money goes back. */
export function pay(model: Model, one: ModelCheckout): void {
  one.isClosed = true
  if (one.state === 'AWAITING_PAYMENT') return markPaid(model, one)
  const isThere = one.orders.every((order) => canHaveAgain(model, order))
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
  for (const sale of model.sales) if (sale.state === 'RUNNING' && sale.endsAt <= now) endSale(model, sale, 'ENDED')
  for (const one of model.checkouts) {
    if (one.state === 'AWAITING_PAYMENT' && one.payBy <= now) abandon(model, one, 'EXPIRED')
    // Until the last millisecond a deadline is kept.
    for (const order of one.orders) if (order.due < now) passOrder(model, order)
  }
}

/** What a buyer, the sellers and the shelf can see of it. */
export const seen = (model: Model) => ({
  checkouts: model.checkouts.map(({ state, items, orders }) => ({ state, items, orders: orders.map(seenOfOrder) })),
  goods: model.goods.map(({ price, free }) => ({ price, free })),
  sales: model.sales.map((sale) => {
    const { good, state } = sale
    return { good, state, taken: takenOf(model.checkouts, sale), sold: soldOf(model.checkouts, sale) }
  }),
  uses: model.vouchers.map((voucher) => usesOf(model, voucher)),
})

const seenOfOrder = (order: ModelOrder) => {
  const { good, state, discount, refunded } = order
  return { good, state, discount, paid: totalOf(order), refunded }
}

/** How far each flash sale came. */
export const fatesOfSales = ({ checkouts, sales }: Model): readonly string[] =>
  sales.map((sale) => `flash sale ${soldOf(checkouts, sale) >= sale.units ? 'sold out' : sale.state.toLowerCase()}`)
