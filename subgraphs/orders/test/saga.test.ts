import { newId } from '@pasar/shared/ids'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pointNames, type PointName } from '../src/saga/points.ts'
import { gate } from './gate.ts'
import { hours, openMarket, type Market, type Scene } from './market.ts'

/** A process that dies: whatever it was about to do, it does not. */
class Crash extends Error {}

let market: Market
let at: (name: string, checkoutId: string) => Promise<void> = async () => undefined
beforeAll(async () => {
  market = await openMarket({ point: (name, checkoutId) => at(name, checkoutId) })
})
afterAll(() => market.stop())
afterEach(() => {
  at = async () => undefined
  market.fake.heal()
})

/** All due work, however often a process dies over it; leases and back-offs run out in between. */
async function heal(rounds = 4) {
  for (let round = 0; round < rounds; round++) {
    market.clock.advance(60_000)
    await market.settle().catch((error: unknown) => {
      if (!String(error).includes('died')) throw error
    })
  }
}

const die = (where: PointName) => {
  let left = 1
  at = async (name) => {
    if (name === where && left-- > 0) throw new Crash(`died at ${name}`)
  }
}

/** The checkout that a scene's buyer has, whatever the buyer was told. */
async function checkoutOf({ buyer }: Scene) {
  const query = `query ($buyer: ID!) { _entities(representations: [{ __typename: "User", id: $buyer }]) { ... on User { orders { edges { node { checkout { id } } } } } } }`
  const { _entities } = await market.data<{ _entities: [{ orders: { edges: { node: { checkout: { id: string } } }[] } }] }>({
    query,
    variables: { buyer: buyer.accountId },
    as: buyer,
  })
  return _entities[0].orders.edges[0]!.node.checkout.id
}

async function expectPaidOnce(scene: Scene, id: string) {
  expect(await market.readCheckout(id, scene.buyer)).toMatchObject({
    state: 'PAID',
    orders: [{ state: 'PAID' }, { state: 'PAID' }],
  })
  expect(scene.variants.map(({ stock }) => stock)).toEqual([8, 9])
  const told = market.published.filter(({ keys }) => keys.includes(id)).map(({ type }) => type)
  expect(told.toSorted((a, b) => a.localeCompare(b))).toEqual([
    'CheckoutFinished',
    'CheckoutPaymentReceived',
    'CheckoutPlaced',
    'OrderPaid',
    'OrderPaid',
    'OrderPlaced',
    'OrderPlaced',
  ])
}

const participants = ['cartsLock', 'usersFreezeAddress', 'productsReserve', 'logisticsQuote', 'paymentsCreate']

describe('a participant that does not answer', () => {
  it.each(participants)('%s: the buyer is told that it goes on, and it does', async (field) => {
    const scene = market.scene()
    market.fake.fail(field, 'down', 3)
    const told = await market.checkout(scene, { idempotencyKey: 'patience' })
    expect(told).toMatchObject({ __typename: 'CheckoutProcessing', checkout: { state: 'PROCESSING' } })
    await heal()
    const { id } = told.checkout!
    expect(await market.checkout(scene, { idempotencyKey: 'patience' })).toMatchObject({
      __typename: 'CheckoutPlaced',
      checkout: { id },
    })
    await market.pay(id, scene.buyer.accountId)
    await expectPaidOnce(scene, id)
  })

  it.each([...participants, 'cartsClear', 'productsConfirm'])(
    '%s: takes effect once where only the reply was lost',
    async (field) => {
      const scene = market.scene()
      market.fake.fail(field, 'lostReply', 2)
      const { checkout } = await market.checkout(scene)
      await heal()
      await market.pay(checkout!.id, scene.buyer.accountId)
      await heal()
      await expectPaidOnce(scene, checkout!.id)
    },
  )

  it('does not keep a buyer from paying when only the cart could not be emptied', async () => {
    const scene = market.scene()
    market.fake.fail('cartsClear', 'down', 1_000)
    expect(await market.checkout(scene)).toMatchObject({ __typename: 'CheckoutPlaced' })
  })

  it.each(participants)('%s: is given up after a quarter of an hour, and everything is undone', async (field) => {
    const scene = market.scene()
    market.fake.fail(field, 'down', 1_000)
    const { checkout } = await market.checkout(scene)
    market.clock.advance(hours(0.5))
    await market.settle()
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({
      state: 'FAILED',
      problem: {
        __typename: 'CheckoutGivenUp',
        message: 'The order could not be processed. Nothing was bought; try again later.',
      },
    })
    expect(scene.variants.map(({ stock }) => stock)).toEqual([10, 10])
    market.fake.heal()
    expect(await market.checkout(scene)).toMatchObject({ __typename: 'CheckoutPlaced' })
  })

  it('is what the key of a checkout stands for that was refused after its buyer was told that it goes on', async () => {
    const scene = market.scene({ stock: 1 })
    market.fake.fail('productsReserve', 'down')
    const wish = { idempotencyKey: 'told' }
    expect(await market.checkout(scene, wish)).toMatchObject({ __typename: 'CheckoutProcessing' })
    await heal()
    for (const variant of scene.variants) variant.stock = 10
    expect(await market.checkout(scene, wish)).toMatchObject({ __typename: 'CheckoutOutOfStock' })
    expect(await market.checkout(scene)).toMatchObject({ __typename: 'CheckoutPlaced' })
  })

  it.each(['paymentsCancel', 'productsRelease'])(
    '%s: is waited for as long as it takes when something must be undone',
    async (field) => {
      const scene = market.scene()
      const { checkout } = await market.checkout(scene)
      market.fake.fail(field, 'down', 4)
      const told = await market.act('cancelCheckout', scene.buyer, { checkoutId: checkout!.id })
      expect(told.__typename).toBe('CancelCheckoutProcessing')
      await heal()
      expect((await market.readCheckout(checkout!.id, scene.buyer)).state).toBe('CANCELLED')
      expect(scene.variants.map(({ stock }) => stock)).toEqual([10, 10])
    },
  )

  it('shows staff at which step the work stands', async () => {
    const scene = market.scene()
    market.fake.fail('logisticsQuote', 'down', 1_000)
    const { checkout } = await market.checkout(scene)
    const query = `query ($id: ID!) { checkout(id: $id, reason: "it hangs") { saga { step compensating attempts nextTryAt steps { name state } } } }`
    const admin = { ...scene.buyer, accountId: scene.sellers[0].accountId, roles: ['admin'] as const }
    const { checkout: seen } = await market.data<{ checkout: object }>({ query, variables: { id: checkout!.id }, as: admin })
    expect(seen).toMatchObject({ saga: { step: 'quoteShipping', compensating: false, attempts: 1 } })
    const own = await market.execute({
      query: query.replace(', reason: "it hangs"', ''),
      variables: { id: checkout!.id },
      as: scene.buyer,
    })
    expect(own.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN')
  })
})

const forward = pointNames.filter((name) => !name.startsWith('undo'))
const backward = pointNames.filter((name) => name.startsWith('undo'))

describe('a process that dies', () => {
  it('has a point before and after the reply of every step and every undo, and of every writing', () => {
    expect(forward.filter((name) => name.endsWith('.call'))).toHaveLength(11)
    expect(forward.filter((name) => name.endsWith('.reply'))).toHaveLength(11)
    const written = ['freezeAddress', 'placeOrders', 'createPayment', 'awaitPayment', 'secureStock', 'markPaid']
    expect(forward.filter((name) => name.endsWith('.committing'))).toEqual(written.map((step) => `${step}.committing`))
    expect(backward).toEqual([
      ...['call', 'reply', 'committing', 'committed'].map((boundary) => `undo lockCart.${boundary}`),
      ...['call', 'reply', 'committing', 'committed'].map((boundary) => `undo reserveStock.${boundary}`),
      ...['call', 'reply', 'committing', 'committed'].map((boundary) => `undo placeOrders.${boundary}`),
      ...['call', 'reply'].map((boundary) => `undo createPayment.${boundary}`),
    ])
  })

  it('passes every one of them', async () => {
    const passed = new Set<string>()
    at = async (name) => void passed.add(name)
    const [bought, cancelled, late] = [market.scene(), market.scene(), market.scene()]
    const paid = await market.checkout(bought)
    await market.pay(paid.checkout!.id, bought.buyer.accountId)
    const { checkout } = await market.checkout(cancelled)
    await market.act('cancelCheckout', cancelled.buyer, { checkoutId: checkout!.id })
    // Goods that were lost and are reserved again are written down before they are confirmed.
    const again = await market.checkout(late)
    await market.failPayment(again.checkout!.id, late.buyer.accountId, 'EXPIRED')
    await market.pay(again.checkout!.id, late.buyer.accountId)
    expect(pointNames.filter((name) => !passed.has(name))).toEqual([])
  })

  it.each(forward)('at %s: another one finishes the purchase, once', async (name) => {
    const scene = market.scene()
    die(name)
    await market.checkout(scene).catch(() => undefined)
    await heal(2)
    const id = await checkoutOf(scene)
    await market.pay(id, scene.buyer.accountId).catch(() => undefined)
    await heal(2)
    await expectPaidOnce(scene, id)
  })

  it.each(backward)('at %s: another one undoes the rest', async (name) => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    die(name)
    await market.act('cancelCheckout', scene.buyer, { checkoutId: checkout!.id }).catch(() => undefined)
    await heal(2)
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({
      state: 'CANCELLED',
      orders: [{ state: 'CANCELLED' }, { state: 'CANCELLED' }],
    })
    expect(scene.variants.map(({ stock }) => stock)).toEqual([10, 10])
    const finished = market.events('CheckoutFinished').filter(({ aggregateId }) => aggregateId === checkout!.id)
    expect(finished).toHaveLength(1)
  })
})

describe('a process that sleeps past its lease', () => {
  const asleepAt = ['lockCart', 'freezeAddress', 'reserveStock', 'quoteShipping', 'placeOrders', 'createPayment', 'clearCart']
  it.each(asleepAt.flatMap((step) => [`${step}.call`, `${step}.reply`]))(
    'at %s: wakes up fenced off and writes nothing',
    async (name) => {
      const scene = market.scene()
      const [asleep, awake] = [gate(), gate()]
      let sleeper = true
      at = async (now) => {
        if (now !== name || !sleeper) return
        sleeper = false
        asleep.open()
        await awake.opened
      }
      const answer = market.checkout(scene)
      await asleep.opened
      market.clock.advance(5_001)
      await market.settle()
      const id = await checkoutOf(scene)
      expect((await market.readCheckout(id, scene.buyer)).state).toBe('AWAITING_PAYMENT')
      awake.open()
      expect(await answer).toMatchObject({ __typename: 'CheckoutPlaced', checkout: { id } })
      await market.pay(id, scene.buyer.accountId)
      await expectPaidOnce(scene, id)
    },
  )

  it('keeps its saga to itself before that', async () => {
    const scene = market.scene()
    const asleep = gate()
    const awake = gate()
    at = async (now) => {
      if (now !== 'reserveStock.call') return
      asleep.open()
      await awake.opened
    }
    const answer = market.checkout(scene)
    await asleep.opened
    market.clock.advance(4_999)
    await market.settle()
    expect(market.fake.sent.at(-1)?.field).toBe('usersFreezeAddress')
    awake.open()
    expect((await answer).__typename).toBe('CheckoutPlaced')
  })
})

describe('a payment that comes at the worst moment', () => {
  it('just before the saga goes to sleep: does not get lost', async () => {
    const scene = market.scene()
    at = async (name, id) => {
      if (name !== 'awaitPayment.reply') return
      at = async () => undefined
      market.fake.payments.get(id)!.state = 'CAPTURED'
      const payload = { paymentId: newId('payment'), checkoutId: id, buyerId: scene.buyer.accountId, amount: 168_000 }
      await market.deliver('payments', { type: 'PaymentCaptured', payload })
    }
    const { checkout } = await market.checkout(scene)
    await market.settle()
    await expectPaidOnce(scene, checkout!.id)
  })

  it.each(['undo placeOrders.committed', 'undo reserveStock.reply', 'undo lockCart.reply', 'undo lockCart.committed'] as const)(
    'while its checkout is undone, at %s: buys the goods after all',
    async (when) => {
      const scene = market.scene()
      const { checkout } = await market.checkout(scene)
      at = async (name, id) => {
        if (name !== when) return
        at = async () => undefined
        const payload = { paymentId: newId('payment'), checkoutId: id, buyerId: scene.buyer.accountId, amount: 168_000 }
        await market.deliver('payments', { type: 'PaymentCaptured', payload })
      }
      await market.failPayment(checkout!.id, scene.buyer.accountId, 'EXPIRED')
      await market.settle()
      expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({
        state: 'PAID',
        orders: [{ state: 'PAID' }, { state: 'PAID' }],
      })
      expect(scene.variants.map(({ stock }) => stock)).toEqual([8, 9])
    },
  )
})
