import { isDeepStrictEqual } from 'node:util'
import { newId } from '@pasar/shared/ids'
import { rowsOf } from '../world/acts.ts'
import { acknowledgeChanges, clickOn, completeCart, pressBuy, type Bought, type Click } from '../world/shopping.ts'
import { command, type Command } from './command.ts'
import {
  abandon,
  acknowledge,
  checkout,
  pay,
  refusalOf,
  type Model,
  type ModelCheckout,
  type PaymentMethod,
  type Refusal,
} from './model.ts'
import { order, outside, shippingOf, type Real } from './real.ts'

type Choices = Pick<Click, 'paymentMethod' | 'vouchers'>

/** Completes the cart and presses "Buy" until there is an outcome. */
async function buyCart(real: Real, choices: Choices): Promise<Bought> {
  const cart = await real.calmly(() => completeCart(real.world, real.buyer))
  const click = clickOn(cart!, choices)
  for (;;) {
    const bought = await real.insist(() => pressBuy(real.world, real.buyer, click))
    if (bought.__typename !== 'CheckoutProcessing') return bought
  }
}

/** Buys, and must be refused as the model says. A crowd's look may say less of what is lacking, but nothing else. */
async function mustCome(real: Real, choices: Choices, wanted: Refusal | undefined): Promise<void> {
  const { __typename, refusal, lines = [] } = await buyCart(real, choices)
  const found = lines.map(({ variant, available }) => ({
    good: real.goods.findIndex(({ variantId }) => variantId === variant.id),
    available,
  }))
  const short = wanted && 'lines' in wanted ? wanted.lines : []
  const isTrue = found.every((line) => short.some((one) => isDeepStrictEqual(one, line)))
  const why = wanted && 'refusal' in wanted ? wanted.refusal : undefined
  const isAsWanted = __typename === (wanted?.__typename ?? 'CheckoutPlaced') && refusal === why
  if (isAsWanted && isTrue && (found.length > 0 || short.length === 0)) return
  throw new Error(`checkout came to ${JSON.stringify({ __typename, refusal, found })}, not ${JSON.stringify(wanted ?? 'placed')}`)
}

/** Which of a shop's vouchers is used, for each thing: the n-th, or none. */
export type Picks = readonly (number | undefined)[]

/** The picked vouchers, by their places in the list. */
const picked = ({ vouchers }: Model, picks: Picks): readonly number[] =>
  picks.flatMap((nth, good) => {
    const ofShop = vouchers.flatMap((voucher, index) => (voucher.good === good ? [index] : []))
    return nth === undefined || ofShop.length === 0 ? [] : [ofShop[nth % ofShop.length]!]
  })

/** What made orders cheaper. */
function means({ orders }: ModelCheckout): string {
  const [hasVoucher, isInSale] = [orders.some(({ voucher }) => voucher), orders.some(({ sale }) => sale)]
  if (hasVoucher) return isInSale ? ' with both' : ' with a voucher'
  return isInSale ? ' in a flash sale' : ''
}

export const checkoutStep = (method: PaymentMethod, picks: Picks = []): Command =>
  command({
    name: `checkout(${method}; ${picks.join(', ')})`,
    check: ({ cart }) => cart.size > 0,
    run: async (model, real) => {
      const indexes = picked(model, picks)
      const vouchers = indexes.map((index) => model.vouchers[index]!)
      const codes = indexes.map((index) => real.vouchers[index]!)
      const choices = { paymentMethod: method, ...(codes.length > 0 && { vouchers: codes }) }
      const how = `(${method}; vouchers ${indexes.join(', ') || 'none'})`
      let refusal = refusalOf(model, vouchers)
      await mustCome(real, choices, refusal)
      if (refusal?.__typename === 'CheckoutPriceChanged') {
        await real.calmly(() => acknowledgeChanges(real.world, real.buyer))
        acknowledge(model)
        refusal = refusalOf(model, vouchers)
        await mustCome(real, choices, refusal)
      }
      if (refusal) return `checkout refused: ${'refusal' in refusal ? refusal.refusal : refusal.__typename}${how}`
      const shipping = await shippingOf(real)
      const one = checkout(model, { method, vouchers, shipping: (good) => shipping.get(good)! })
      return `checkout${means(one)}${how}`
    },
  })

interface CheckoutAt {
  readonly model: Model
  readonly real: Real
  readonly one: ModelCheckout
  readonly id: string
}

interface CheckoutStep {
  readonly name: string
  may(one: ModelCheckout): boolean
  /** May say more exactly what it was. */
  run(at: CheckoutAt): Promise<string | void>
}

/** A step about the n-th checkout that may take it; nothing where there is none. */
export const ofCheckout = ({ name, may, run }: CheckoutStep, nth: number): Command =>
  command({
    name: `${name}(${nth})`,
    check: (model) => model.checkouts.some(may),
    run: async (model, real) => {
      const fit = model.checkouts.flatMap((one, index) => (may(one) ? [index] : []))
      const index = fit[nth % fit.length]!
      const exactly = await run({ model, real, one: model.checkouts[index]!, id: (await real.checkoutIds())[index]! })
      return `${exactly ?? name}(checkout ${index})`
    },
  })

const waits = ({ state, isClosed }: ModelCheckout) => state === 'AWAITING_PAYMENT' && !isClosed

/** The buyer or the bank does something about the payment of a checkout. */
async function atBank({ real, id }: CheckoutAt, what: 'pay' | 'deny'): Promise<void> {
  const sql = 'SELECT id FROM payment WHERE checkout_id = $1'
  const [payment] = await rowsOf<{ id: string }>(real.world, 'payments', { sql, values: [id] })
  await outside(real.world, `midtrans/${payment!.id}/${what}`)
  await real.settle()
}

export const payStep: CheckoutStep = {
  name: 'pay',
  may: ({ isClosed }) => !isClosed,
  run: async (at) => {
    const isInTime = at.one.state === 'AWAITING_PAYMENT'
    await atBank(at, 'pay')
    pay(at.model, at.one)
    const late = at.one.state === 'PAID' ? 'pay late' : 'pay too late'
    return isInTime ? undefined : `${late}${means(at.one) && ' for less'}`
  },
}

export const payFailStep: CheckoutStep = {
  name: 'payFail',
  may: waits,
  run: async (at) => {
    await atBank(at, 'deny')
    abandon(at.model, at.one, 'FAILED')
  },
}

export const cancelStep: CheckoutStep = {
  name: 'cancelCheckout',
  may: ({ state }) => state === 'AWAITING_PAYMENT',
  run: async ({ model, real, one, id }) => {
    await order(real, real.buyer.viewer, ['cancelCheckout', { checkoutId: id, idempotencyKey: newId('movement') }])
    abandon(model, one, 'CANCELLED')
  },
}
