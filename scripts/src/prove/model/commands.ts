import { isDeepStrictEqual } from 'node:util'
import { newId } from '@pasar/shared/ids'
import fc from 'fast-check'
import { actors, type Actor } from '../crash/deaths.ts'
import { act, rowsOf } from '../world/acts.ts'
import { acknowledgeChanges, addToCart as add, clickOn, completeCart, pressBuy } from '../world/shopping.ts'
import {
  abandon,
  addToCart,
  canCheckOut,
  changePrice,
  changeQuantity,
  changeStock,
  checkout,
  knowsPrice,
  passTo,
  pay,
  seen,
  type Model,
  type ModelCheckout,
  type PaymentMethod,
} from './model.ts'
import { possibleSteps } from './order-steps.ts'
import { lineOf, order, orderOf, outside, placesOf, shippingOf, taken, type Real } from './real.ts'

type Command = fc.AsyncCommand<Model, Real>

interface Step {
  readonly name: string
  check?(model: Model): boolean
  /** May say more exactly what it was. */
  run(model: Model, real: Real): Promise<string | void>
}

/** A command of fast-check: after each one the market must look as its model does. */
const command = ({ name, check = () => true, run }: Step): Command => ({
  check,
  toString: () => name,
  run: async (model, real) => {
    const before = real.told.length
    real.told.push(name)
    const exactly = await run(model, real)
    if (exactly) real.told[before] = exactly
    passTo(model, real.world.clock.now().getTime())
    const [wanted, found] = [seen(model), await real.see()]
    if (!isDeepStrictEqual(found, wanted))
      throw new Error(`after ${exactly ?? name}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`)
  },
})

const addStep = (good: number, units: number): Command =>
  command({
    name: `addToCart(${good}, ${units})`,
    run: async (model, real) => {
      const came = await real.calmly(() => add(real.world, real.buyer, [real.goods[good]!, units]))
      await real.settle()
      const fits = addToCart(model, good, units)
      if (fits !== (came.code === undefined)) throw new Error(`addToCart came to ${came.__typename}`)
    },
  })

/** Another number of units of what is in the cart, or none. */
const quantityStep = (good: number, units: number): Command =>
  command({
    name: units === 0 ? `removeLine(${good})` : `changeQuantity(${good}, ${units})`,
    check: ({ cart }) => cart.has(good),
    run: async (model, real) => {
      const line = { lineId: await lineOf(real, good) }
      const [field, input] = units === 0 ? ['removeLine', line] : ['changeQuantity', { ...line, quantity: units }]
      const came = await real.calmly(() => act(real.world, { domain: 'carts', field, as: real.buyer.viewer, input }))
      const fits = units === 0 ? model.cart.delete(good) : changeQuantity(model, good, units)
      if (fits !== (came.code === undefined)) throw new Error(`${field} came to ${came.__typename}`)
    },
  })

const priceStep = (good: number, price: number): Command =>
  command({
    name: `changePrice(${good}, ${price})`,
    run: async (model, real) => {
      const { variantId, shop } = real.goods[good]!
      await real.insist(() =>
        act(real.world, { domain: 'products', field: 'changeVariant', as: shop.owner, input: { variantId, price } }),
      )
      changePrice(model, good, price)
    },
  })

/** Units come to where fewest lie, or go from where most lie: as many as nobody has bought. */
const stockStep = (good: number, change: number): Command =>
  command({
    name: `adjustStock(${good}, ${change})`,
    check: ({ goods }) => change > 0 || goods[good]!.free > 0,
    run: async (model, real) => {
      const { variantId, shop } = real.goods[good]!
      const places = await placesOf(real, good)
      const { warehouseId, free } = places.at(change > 0 ? -1 : 0)!
      const delta = Math.max(change, -free)
      const input = { variantId, warehouseId, delta, reason: 'CORRECTED', idempotencyKey: newId('movement') }
      await taken(real, { domain: 'products', field: 'adjustStock', as: shop.owner, input })
      changeStock(model, good, delta)
      return `adjustStock(${good}, ${delta})`
    },
  })

/** How stock is taken changes nothing that anybody sees. */
const modeStep = (good: number, mode: 'UNITS' | 'COUNTER'): Command =>
  command({
    name: `changeStockMode(${good}, ${mode})`,
    run: async (_, real) => {
      const { variantId, shop } = real.goods[good]!
      await taken(real, { domain: 'products', field: 'changeStockMode', as: shop.owner, input: { variantId, mode } })
    },
  })

/** Completes the cart and presses "Buy" until there is an outcome. */
async function buyCart(real: Real, paymentMethod: PaymentMethod): Promise<string> {
  const cart = await real.calmly(() => completeCart(real.world, real.buyer))
  const click = clickOn(cart!, { paymentMethod })
  for (;;) {
    const { __typename: outcome } = await real.insist(() => pressBuy(real.world, real.buyer, click))
    if (outcome !== 'CheckoutProcessing') return outcome
  }
}

const checkoutStep = (paymentMethod: PaymentMethod): Command =>
  command({
    name: `checkout(${paymentMethod})`,
    check: ({ cart }) => cart.size > 0,
    run: async (model, real) => {
      const isThere = canCheckOut(model)
      let outcome = await buyCart(real, paymentMethod)
      if (isThere && !knowsPrice(model)) {
        if (outcome !== 'CheckoutPriceChanged') throw new Error(`checkout at another price came to ${outcome}`)
        await real.calmly(() => acknowledgeChanges(real.world, real.buyer))
        outcome = await buyCart(real, paymentMethod)
      }
      if ((outcome === 'CheckoutPlaced') !== isThere) throw new Error(`checkout came to ${outcome}`)
      if (!isThere) return
      const shipping = await shippingOf(real)
      checkout(model, paymentMethod, (good) => shipping.get(good)!)
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
  run(at: CheckoutAt): Promise<void>
}

/** A step about the n-th checkout that may take it; nothing where there is none. */
const ofCheckout = ({ name, may, run }: CheckoutStep, nth: number): Command =>
  command({
    name: `${name}(${nth})`,
    check: (model) => model.checkouts.some(may),
    run: async (model, real) => {
      const fit = model.checkouts.flatMap((one, index) => (may(one) ? [index] : []))
      const index = fit[nth % fit.length]!
      await run({ model, real, one: model.checkouts[index]!, id: (await real.checkoutIds())[index]! })
      return `${name}(checkout ${index})`
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

const payStep: CheckoutStep = {
  name: 'pay',
  may: ({ isClosed }) => !isClosed,
  run: async (at) => {
    await atBank(at, 'pay')
    pay(at.model, at.one)
  },
}

const payFailStep: CheckoutStep = {
  name: 'payFail',
  may: waits,
  run: async (at) => {
    await atBank(at, 'deny')
    abandon(at.model, at.one, 'FAILED')
  },
}

const cancelStep: CheckoutStep = {
  name: 'cancelCheckout',
  may: ({ state }) => state === 'AWAITING_PAYMENT',
  run: async ({ model, real, one, id }) => {
    await order(real, real.buyer.viewer, ['cancelCheckout', { checkoutId: id, idempotencyKey: newId('movement') }])
    abandon(model, one, 'CANCELLED')
  },
}

const hour = 3_600_000

const expireStep = (hours: number): Command =>
  command({
    name: `expire(${hours} h)`,
    check: ({ checkouts }) => checkouts.length > 0,
    run: async (_, real) => {
      real.world.clock.advance(hours * hour)
      await real.settle()
    },
  })

/** One of the steps that orders may make now. */
const orderStep = (pick: number, dice: number): Command =>
  command({
    name: `order(${pick}, ${dice})`,
    check: (model) => possibleSteps(model).length > 0,
    run: async (model, real) => {
      const possible = possibleSteps(model)
      const { step, one, index } = possible[pick % possible.length]!
      await step.run({ model, real, one, id: await orderOf(real, index, one.good), dice })
      return `${step.name}(checkout ${index}, thing ${one.good}; dice ${dice})`
    },
  })

/** A certain step of the order of a thing. */
const namedStep = (wanted: string, thing: number): Command => {
  const find = (model: Model) => possibleSteps(model).find(({ step, one }) => step.name === wanted && one.good === thing)
  return command({
    name: `${wanted}(thing ${thing})`,
    check: (model) => find(model) !== undefined,
    run: async (model, real) => {
      const { step, one, index } = find(model)!
      await step.run({ model, real, one, id: await orderOf(real, index, one.good), dice: 0 })
    },
  })
}

const crashStep = (after: number, actor: Actor): Command => ({
  check: () => true,
  toString: () => `crash(${actor} at boundary ${after})`,
  run: async (_, real) => {
    real.told.push(`crash(${actor} at boundary ${after})`)
    real.arm(after, actor)
  },
})

const restartStep = (): Command => command({ name: 'restart', run: (_, real) => real.world.revive() })

const nth = fc.nat({ max: 5 })
const good = fc.nat({ max: 1 })

/** Every command, and how often it comes: what leads on more often than what ends or breaks, or few orders would grow old. */
const shares: readonly (readonly [times: number, fc.Arbitrary<Command>])[] = [
  [4, fc.tuple(good, fc.integer({ min: 1, max: 5 })).map(([at, units]) => addStep(at, units))],
  [1, fc.tuple(good, fc.integer({ min: 10_000, max: 90_000 })).map(([at, price]) => priceStep(at, price))],
  [1, fc.tuple(good, fc.integer({ min: 0, max: 5 })).map(([at, units]) => quantityStep(at, units))],
  [1, fc.tuple(good, fc.integer({ min: -5, max: 9 })).map(([at, change]) => stockStep(at, change || 1))],
  [1, fc.tuple(good, fc.constantFrom('UNITS' as const, 'COUNTER' as const)).map(([at, mode]) => modeStep(at, mode))],
  [4, fc.constantFrom('QRIS' as const, 'BCA_VA' as const).map(checkoutStep)],
  [4, nth.map((at) => ofCheckout(payStep, at))],
  [1, nth.map((at) => ofCheckout(payFailStep, at))],
  [1, nth.map((at) => ofCheckout(cancelStep, at))],
  [2, fc.integer({ min: 1, max: 80 }).map(expireStep)],
  [18, fc.tuple(fc.nat({ max: 1_000 }), fc.nat({ max: 100_000 })).map(([pick, dice]) => orderStep(pick, dice))],
  [3, fc.tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom(...actors)).map(([after, actor]) => crashStep(after, actor))],
  [1, fc.constant(0).map(restartStep)],
]

export const commands = shares.flatMap(([times, arbitrary]) => Array.from({ length: times }, () => arbitrary))

/** How a life begins: with nothing, or where both things are paid, or delivered; what comes late in a life would be too seldom else. */
export function beginningOf(chance: number): readonly Command[] {
  const stage = chance % 3
  const paid = [addStep(0, 3), addStep(1, 2), checkoutStep('QRIS'), ofCheckout(payStep, 0)]
  const brought = ['accept', 'ship', 'deliver'].flatMap((name) => [namedStep(name, 0), namedStep(name, 1)])
  return [...(stage > 0 ? paid : []), ...(stage > 1 ? brought : [])]
}
