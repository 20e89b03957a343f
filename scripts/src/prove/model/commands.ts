import { isDeepStrictEqual } from 'node:util'
import { newId } from '@pasar/shared/ids'
import fc from 'fast-check'
import { actors, type Actor } from '../crash/run.ts'
import { act, rowsOf } from '../world/acts.ts'
import { addToCart as add, clickOn, completeCart, pressBuy } from '../world/shopping.ts'
import {
  abandon,
  accept,
  addToCart,
  changePrice,
  checkout,
  complete,
  deliver,
  end,
  passTo,
  pay,
  seen,
  ship,
  type Model,
  type ModelOrder,
} from './model.ts'
import { order, outside, type Real } from './real.ts'

type Command = fc.AsyncCommand<Model, Real>

interface Step {
  readonly name: string
  check?(model: Model): boolean
  run(model: Model, real: Real): Promise<void>
}

/** A command of fast-check: after each one the market must look as its model does. */
const command = ({ name, check = () => true, run }: Step): Command => ({
  check,
  toString: () => name,
  run: async (model, real) => {
    await run(model, real)
    passTo(model, real.world.clock.now().getTime())
    const [wanted, found] = [seen(model), await real.see()]
    if (!isDeepStrictEqual(found, wanted))
      throw new Error(`after ${name}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`)
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

const checkoutStep = (): Command =>
  command({
    name: 'checkout',
    run: async (model, real) => {
      const cart = await real.calmly(() => completeCart(real.world, real.buyer))
      // Nothing was ever put into it.
      if (!cart) return
      const click = clickOn(cart, { paymentMethod: 'QRIS' })
      let came = await real.insist(() => pressBuy(real.world, real.buyer, click))
      while (came.__typename === 'CheckoutProcessing') came = await real.insist(() => pressBuy(real.world, real.buyer, click))
      const isPlaced = came.__typename === 'CheckoutPlaced'
      if (isPlaced !== (checkout(model) === 'placed')) throw new Error(`checkout came to ${came.__typename}`)
    },
  })

/** A step about the n-th checkout that may take it; nothing where there is none. */
const ofCheckout = (
  name: string,
  nth: number,
  {
    may,
    run,
  }: {
    may: (one: Model['checkouts'][number]) => boolean
    run: (at: { model: Model; real: Real; index: number; id: string }) => Promise<void>
  },
): Command =>
  command({
    name: `${name}(${nth})`,
    check: (model) => model.checkouts.some(may),
    run: async (model, real) => {
      const fit = model.checkouts.flatMap((one, index) => (may(one) ? [index] : []))
      const index = fit[nth % fit.length]!
      await run({ model, real, index, id: (await real.checkoutIds())[index]! })
    },
  })

const paymentOf = async ({ world }: Real, checkoutId: string) =>
  (
    await rowsOf<{ id: string }>(world, 'payments', {
      sql: 'SELECT id FROM payment WHERE checkout_id = $1',
      values: [checkoutId],
    })
  )[0]!.id

const payStep = (nth: number) =>
  ofCheckout('pay', nth, {
    may: ({ isClosed }) => !isClosed,
    run: async ({ model, real, index, id }) => {
      await outside(real.world, `midtrans/${await paymentOf(real, id)}/pay`)
      await real.settle()
      pay(model, model.checkouts[index]!)
    },
  })

const payFailStep = (nth: number) =>
  ofCheckout('payFail', nth, {
    may: ({ state, isClosed }) => state === 'AWAITING_PAYMENT' && !isClosed,
    run: async ({ model, real, index, id }) => {
      await outside(real.world, `midtrans/${await paymentOf(real, id)}/deny`)
      await real.settle()
      abandon(model, model.checkouts[index]!, 'FAILED')
    },
  })

const cancelStep = (nth: number) =>
  ofCheckout('cancel', nth, {
    may: ({ state }) => state === 'AWAITING_PAYMENT',
    run: async ({ model, real, index, id }) => {
      await order(real, real.buyer.viewer, ['cancelCheckout', { checkoutId: id, idempotencyKey: newId('movement') }])
      abandon(model, model.checkouts[index]!, 'CANCELLED')
    },
  })

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

interface OrderAt {
  readonly model: Model
  readonly real: Real
  readonly one: ModelOrder
  readonly id: string
  readonly seller: Real['buyer']['viewer']
}

/** A step about the n-th order in a state; nothing where there is none. */
const ofOrder = (
  name: string,
  nth: number,
  { from, run }: { from: ModelOrder['state']; run: (at: OrderAt) => Promise<void> },
): Command => {
  const fitting = ({ checkouts }: Model) =>
    checkouts.flatMap(({ orders }, index) => orders.flatMap((one) => (one.state === from ? [{ one, index }] : [])))
  return command({
    name: `${name}(${nth})`,
    check: (model) => fitting(model).length > 0,
    run: async (model, real) => {
      const fit = fitting(model)
      const { one, index } = fit[nth % fit.length]!
      const { shop } = real.goods[one.good]!
      const [row] = await rowsOf<{ id: string }>(real.world, 'orders', {
        sql: 'SELECT id FROM shop_order WHERE checkout_id = $1 AND shop_id = $2',
        values: [(await real.checkoutIds())[index], shop.shopId],
      })
      await run({ model, real, one, id: row!.id, seller: shop.owner })
    },
  })
}

const input = (orderId: string, more: object = {}) => ({ orderId, idempotencyKey: newId('movement'), ...more })

async function scan({ world, settle }: Real, orderId: string, status: string): Promise<void> {
  const [parcel] = await rowsOf<{ tracking: string }>(world, 'logistics', {
    sql: 'SELECT tracking_number AS tracking FROM shipment WHERE order_id = $1',
    values: [orderId],
  })
  await outside(world, `courier/${parcel!.tracking}/advance`, { status })
  await settle()
}

const orderSteps: Readonly<Record<string, { from: ModelOrder['state']; run: (at: OrderAt) => Promise<void> }>> = {
  accept: {
    from: 'PAID',
    run: async ({ real, one, id, seller }) => {
      await order(real, seller, ['acceptOrder', input(id)])
      accept(one)
    },
  },
  reject: {
    from: 'PAID',
    run: async ({ model, real, one, id, seller }) => {
      await order(real, seller, ['rejectOrder', input(id, { reason: 'OUT_OF_STOCK', note: 'Habis.' })])
      end(model, one)
    },
  },
  ship: {
    from: 'READY_TO_SHIP',
    run: async ({ real, one, id }) => {
      await scan(real, id, 'picked')
      ship(one)
    },
  },
  deliver: {
    from: 'SHIPPED',
    run: async ({ model, real, one, id }) => {
      await scan(real, id, 'delivered')
      deliver(model, one)
    },
  },
  complete: {
    from: 'DELIVERED',
    run: async ({ real, one, id }) => {
      await order(real, real.buyer.viewer, ['confirmReceipt', input(id)])
      complete(one)
    },
  },
}

const crashStep = (after: number, actor: Actor): Command => ({
  check: () => true,
  toString: () => `crash(${actor} at boundary ${after})`,
  run: async (_, real) => real.arm(after, actor),
})

const restartStep = (): Command => command({ name: 'restart', run: (_, real) => real.world.revive() })

const nth = fc.nat({ max: 5 })
const good = fc.nat({ max: 1 })

const growing = [
  fc.tuple(good, fc.integer({ min: 1, max: 4 })).map(([at, units]) => addStep(at, units)),
  fc.constant(0).map(checkoutStep),
  nth.map(payStep),
  ...(['accept', 'ship', 'deliver'] as const).map((name) => nth.map((at) => ofOrder(name, at, orderSteps[name]!))),
]

/** Every command of the life of orders. */
const lifeSteps = [
  fc.tuple(good, fc.integer({ min: 1, max: 5 })).map(([at, units]) => addStep(at, units)),
  fc.tuple(good, fc.integer({ min: 10_000, max: 90_000 })).map(([at, price]) => priceStep(at, price)),
  fc.constant(0).map(checkoutStep),
  nth.map(payStep),
  nth.map(payFailStep),
  nth.map(cancelStep),
  fc.integer({ min: 1, max: 80 }).map(expireStep),
  ...Object.entries(orderSteps).map(([name, step]) => nth.map((at) => ofOrder(name, at, step))),
]

/** What leads on comes more often than what ends or breaks, or few orders would grow old. */
export const commands = [
  ...lifeSteps,
  ...lifeSteps,
  ...growing,
  ...growing,
  fc.tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom(...actors)).map(([after, actor]) => crashStep(after, actor)),
  fc.tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom(...actors)).map(([after, actor]) => crashStep(after, actor)),
  fc.constant(0).map(restartStep),
]
