import { openSeam } from '@pasar/shared/testing/seam'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coffee, coffeePath } from './fake-market.ts'
import { hours, openMarket, type Market, type Result } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

describe('a checkout that goes well', () => {
  it('makes one order per shop, asks for one payment over all of them and empties the cart', async () => {
    const scene = market.scene()
    const result = await market.checkout(scene, { expectedTotal: 168_000 })
    expect(result).toMatchObject({
      __typename: 'CheckoutPlaced',
      checkout: { state: 'AWAITING_PAYMENT', total: { amount: 168_000 }, cancellable: true },
    })
    const { id, orders } = result.checkout!
    expect(orders.map(({ state }) => state)).toEqual(['AWAITING_PAYMENT', 'AWAITING_PAYMENT'])
    expect(new Set(orders.map(({ shop }) => shop.id))).toEqual(new Set(scene.variants.map(({ shopId }) => shopId)))
    expect(market.fake.payments.get(id)).toMatchObject({ amount: 168_000, state: 'PENDING' })
    const made = market.fake.payments.get(id)!.orders.flatMap(({ categories }) => categories)
    expect(made).toEqual(made.map(() => ({ categoryId: coffee, path: coffeePath, amount: expect.any(Number) })))
    expect(made).toHaveLength(2)
    expect(scene.variants.map(({ stock }) => stock)).toEqual([8, 9])
    expect(market.fake.callsOf(id)).toEqual([
      'cartsLock',
      'usersFreezeAddress',
      'productsReserve',
      'logisticsQuote',
      'paymentsCreate',
      'cartsClear',
    ])
  })

  it('is told to the sellers when it is paid, and not before', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    await market.settle()
    const ofThis = (type: string) => market.events(type).filter(({ keys }) => keys.includes(checkout!.id))
    expect(ofThis('OrderPlaced')).toHaveLength(2)
    expect(ofThis('CheckoutPlaced')).toHaveLength(1)
    expect(ofThis('OrderPaid')).toHaveLength(0)
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(ofThis('OrderPaid')).toHaveLength(2)
    expect(ofThis('CheckoutFinished').map(({ payload }) => payload)).toMatchObject([{ outcome: 'PAID' }])
    const paid = await market.readCheckout(checkout!.id, scene.buyer)
    expect(paid).toMatchObject({ state: 'PAID', cancellable: false, orders: [{ state: 'PAID' }, { state: 'PAID' }] })
    expect(market.fake.reservations.get(checkout!.id)?.state).toBe('CONFIRMED')
  })

  it('waits for the payment, and a payment that is told twice counts once', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    await market.pay(checkout!.id, scene.buyer.accountId)
    await market.pay(checkout!.id, scene.buyer.accountId)
    const order = await market.order(checkout!.orders[0]!.id, scene.buyer)
    expect(order!.history.map(({ event }) => event)).toEqual(['PLACED', 'PAID'])
  })
})

describe('until when a checkout can be paid', () => {
  it('is what its payment says, in the checkout, its orders and its event, and not a moment earlier', async () => {
    const scene = market.scene()
    market.fake.fail('paymentsCreate', 'down', 1)
    const { checkout } = await market.checkout(scene, { paymentMethod: 'QRIS' })
    expect(checkout).toMatchObject({ state: 'PROCESSING', payBy: null })
    expect((await market.order(checkout!.orders[0]!.id, scene.buyer))!.deadlines).toEqual([])
    const payBy = new Date(market.clock.now().getTime() + hours(0.25)).toISOString()
    market.clock.advance(60_000)
    await market.settle()
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({ state: 'AWAITING_PAYMENT', payBy })
    for (const { id } of checkout!.orders)
      expect((await market.order(id, scene.buyer))!.deadlines).toMatchObject([{ kind: 'PAY', dueAt: payBy, doneAt: null }])
    const placed = market.events('CheckoutPlaced').find(({ aggregateId }) => aggregateId === checkout!.id)
    expect(placed!.payload).toMatchObject({ payBy })
  })

  it('ends it: its orders were not paid in time', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene, { paymentMethod: 'QRIS' })
    market.clock.advance(hours(0.26))
    await market.settle()
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({ state: 'EXPIRED' })
    const order = await market.order(checkout!.orders[0]!.id, scene.buyer)
    expect(order).toMatchObject({ state: 'CANCELLED', endReason: 'UNPAID', deadlines: [{ kind: 'PAY', kept: false }] })
    expect(scene.variants.map(({ stock }) => stock)).toEqual([10, 10])
  })
})

describe('the same wish twice', () => {
  it('gives the same checkout for the same key', async () => {
    const scene = market.scene()
    const first = await market.checkout(scene, { idempotencyKey: 'click-1' })
    const again = await market.checkout(scene, { idempotencyKey: 'click-1' })
    expect(again).toMatchObject({ __typename: 'CheckoutPlaced', checkout: { id: first.checkout!.id } })
    expect(market.fake.payments.get(first.checkout!.id)).toBeDefined()
  })

  it('gives the same checkout for the same key ten times at once', async () => {
    const scene = market.scene()
    const results = await Promise.all(Array.from({ length: 10 }, () => market.checkout(scene, { idempotencyKey: 'clicks' })))
    expect(new Set(results.map(({ checkout }) => checkout?.id)).size).toBe(1)
    expect(results.map(({ __typename }) => __typename)).toEqual(Array(10).fill('CheckoutPlaced'))
  })

  it('refuses the key for another wish', async () => {
    const scene = market.scene()
    await market.checkout(scene, { idempotencyKey: 'click-2' })
    expect(await market.checkout(scene, { idempotencyKey: 'click-2', paymentMethod: 'QRIS' })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
  })

  it('gives one checkout for one cart under ten keys at once', async () => {
    const scene = market.scene()
    const results = await Promise.all(Array.from({ length: 10 }, () => market.checkout(scene)))
    const placed = results.filter(({ __typename }) => __typename === 'CheckoutPlaced')
    expect(placed).toHaveLength(1)
    const others = results.filter((result) => !placed.includes(result)).map(({ __typename }) => __typename)
    expect(others.every((name) => ['CheckoutAlreadyRunning', 'CheckoutCartChanged', 'CheckoutCartEmpty'].includes(name))).toBe(
      true,
    )
    expect(scene.variants.map(({ stock }) => stock)).toEqual([8, 9])
  })

  it('may try again with the same key after a refusal, which has changed nothing', async () => {
    const scene = market.scene({ stock: 1 })
    expect(await market.checkout(scene, { idempotencyKey: 'again' })).toMatchObject({ __typename: 'CheckoutOutOfStock' })
    scene.variants[0].stock = 5
    expect(await market.checkout(scene, { idempotencyKey: 'again' })).toMatchObject({ __typename: 'CheckoutPlaced' })
  })
})

describe('a checkout that its buyer ends while it is made', () => {
  it.each([
    ['that was about to be placed', undefined],
    ['that was about to be refused', { __typename: 'PaymentsMethodUnavailable' }],
  ])('%s is what its key stands for from then on: nothing is bought under it again', async (...[, refusal]) => {
    const scene = market.scene()
    const wish = { idempotencyKey: 'ended', paymentMethod: 'WALLET' }
    const seam = openSeam(market.databaseUrl)
    const wished = `SELECT 1 FROM saga WHERE checkout_id = $1 AND ending IS NOT NULL`
    let cancelled: Promise<unknown> | undefined
    market.fake.before('paymentsCreate', async () => {
      market.fake.before('paymentsCreate', async () => undefined)
      const { checkoutId } = market.fake.sent.at(-1)!.input
      cancelled = market.act('cancelCheckout', scene.buyer, { checkoutId })
      while ((await seam.db.$queryRawUnsafe<unknown[]>(wished, checkoutId)).length === 0);
    })
    if (refusal) market.fake.refuse('paymentsCreate', refusal)
    const first = await market.checkout(scene, wish)
    expect(first).toMatchObject({ __typename: 'CheckoutEnded', state: 'CANCELLED' })
    expect(await cancelled).toMatchObject({ __typename: 'CancelCheckoutSuccess' })
    const ended = { state: 'CANCELLED', endReason: 'CANCELLED_BY_BUYER' }
    const { checkoutId } = first as Result & { readonly checkoutId: string }
    expect(await market.readCheckout(checkoutId, scene.buyer)).toMatchObject({
      state: 'CANCELLED',
      problem: null,
      orders: [ended, ended],
    })
    expect(await market.checkout(scene, wish)).toEqual(first)
    expect(scene.variants.map(({ stock }) => stock)).toEqual([10, 10])
    await seam.stop()
  })
})

const undone = { locked: ['cartsUnlock'], reserved: ['productsRelease', 'cartsUnlock'] }

describe('a refusal', () => {
  it.each([
    ['cartsLock', { __typename: 'CartsUnknown' }, 'CheckoutCartUnknown', undone.locked],
    ['cartsLock', { __typename: 'CartsEmpty' }, 'CheckoutCartEmpty', undone.locked],
    ['cartsLock', { __typename: 'CartsChanged', version: 7 }, 'CheckoutCartChanged', undone.locked],
    ['cartsLock', { __typename: 'CartsBusy', checkoutId: 'chk_other' }, 'CheckoutAlreadyRunning', undone.locked],
    ['cartsLock', { __typename: 'CartsIncomplete', missing: ['ADDRESS'] }, 'CheckoutCartIncomplete', undone.locked],
    ['cartsLock', { __typename: 'CartsLockGone' }, 'CheckoutGivenUp', undone.locked],
    ['usersFreezeAddress', { __typename: 'UsersAddressUnknown' }, 'CheckoutAddressUnknown', undone.locked],
    ['productsReserve', { __typename: 'ProductsOutOfStock', lines: [] }, 'CheckoutOutOfStock', undone.reserved],
    ['productsReserve', { __typename: 'ProductsFlashSaleLimited', lines: [] }, 'CheckoutFlashSaleLimited', undone.reserved],
    ['productsReserve', { __typename: 'ProductsUnavailable', variantIds: [] }, 'CheckoutNoLongerSold', undone.reserved],
    [
      'logisticsQuote',
      { __typename: 'LogisticsUnavailable', shopId: 'shp_x', reason: 'TOO_HEAVY' },
      'CheckoutShippingUnavailable',
      undone.reserved,
    ],
    [
      'paymentsCreate',
      { __typename: 'PaymentsMethodUnavailable' },
      'CheckoutPaymentMethodUnavailable',
      ['paymentsCancel', ...undone.reserved],
    ],
  ])('of %s as %o is told as %s and undoes everything done so far', async (...[field, answer, expected, undo]) => {
    const scene = market.scene()
    market.fake.refuse(field, answer)
    const before = market.fake.sent.length
    const result = await market.checkout(scene)
    expect(result).toMatchObject({ __typename: expected })
    expect(String(result['message']).length).toBeGreaterThan(10)
    const fields = market.fake.sent.slice(before).map(({ field }) => field)
    expect(fields.slice(fields.indexOf(field) + 1)).toEqual(undo)
    expect(scene.variants.map(({ stock }) => stock)).toEqual([10, 10])
    expect((await market.checkout(scene)).__typename).toBe('CheckoutPlaced')
  })

  it('names what is short, and how much is left of it', async () => {
    const scene = market.scene({ stock: 1 })
    const lines = [{ variant: { id: scene.variants[0].variantId }, available: 1 }]
    expect(await market.checkout(scene)).toMatchObject({ __typename: 'CheckoutOutOfStock', lines })
  })

  it('compares the total that the buyer named, and the prices in the cart where none was named', async () => {
    const scene = market.scene()
    const figures = { expected: { amount: 1 }, actual: { amount: 168_000 } }
    expect(await market.checkout(scene, { expectedTotal: 1 })).toMatchObject({ __typename: 'CheckoutPriceChanged', ...figures })
    scene.variants[0].price = 60_000
    const changed = {
      expected: { amount: 168_000 },
      actual: { amount: 188_000 },
      message: 'The total changed from Rp168.000 to Rp188.000.',
    }
    expect(await market.checkout(scene)).toMatchObject({ __typename: 'CheckoutPriceChanged', ...changed })
    expect(await market.checkout(scene, { expectedTotal: 188_000 })).toMatchObject({ __typename: 'CheckoutPlaced' })
  })

  it('leaves orders that nobody will pay cancelled, not lying around', async () => {
    const scene = market.scene()
    market.fake.refuse('paymentsCreate', { __typename: 'PaymentsMethodUnavailable' })
    await market.checkout(scene)
    await market.settle()
    const cancelled = market.events('OrderCancelled').filter(({ keys }) => keys.includes(scene.buyer.accountId))
    expect(cancelled.map(({ payload }) => payload)).toMatchObject([
      { reason: 'PAYMENT_FAILED', paid: false, reservedAs: null },
      { reason: 'PAYMENT_FAILED', paid: false, reservedAs: null },
    ])
  })
})

describe('malformed input', () => {
  it.each([
    [{ cartId: 'crt_1' }, 'cartId'],
    [{ idempotencyKey: '' }, 'idempotencyKey'],
    [{ idempotencyKey: 'k'.repeat(256) }, 'idempotencyKey'],
    [{ expectedCartVersion: -1 }, 'expectedCartVersion'],
    [{ expectedTotal: -5 }, 'expectedTotal'],
  ])('%o is refused by the name of its field', async (input, field) => {
    const scene = market.scene()
    await expect(market.checkout(scene, input)).rejects.toThrow(`"field":"${field}"`)
  })
})

describe('the time to pay', () => {
  it('is a day; then the orders end, the payment is withdrawn and the stock comes back', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    market.clock.advance(hours(24))
    await market.settle()
    expect((await market.readCheckout(checkout!.id, scene.buyer)).state).toBe('AWAITING_PAYMENT')
    market.clock.advance(1)
    await market.settle()
    const ended = { state: 'CANCELLED', code: 699, endReason: 'UNPAID' }
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({ state: 'EXPIRED', orders: [ended, ended] })
    expect(market.fake.payments.get(checkout!.id)?.state).toBe('CANCELLED')
    expect(scene.variants.map(({ stock }) => stock)).toEqual([10, 10])
    expect(await market.checkout(scene, { idempotencyKey: 'late' })).toMatchObject({ __typename: 'CheckoutCartChanged' })
  })

  it('is over when payments says so', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    await market.failPayment(checkout!.id, scene.buyer.accountId, 'DENIED')
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({
      state: 'FAILED',
      orders: [{ endReason: 'PAYMENT_FAILED' }, { endReason: 'PAYMENT_FAILED' }],
    })
    expect(scene.variants.map(({ stock }) => stock)).toEqual([10, 10])
  })

  it.each([
    ['DENIED', 'FAILED', 'CHECKOUT_PAYMENT_DENIED', 'The payment was denied or withdrawn. Nothing was bought.'],
    ['EXPIRED', 'EXPIRED', 'CHECKOUT_PAYMENT_EXPIRED', 'The payment did not come in time. Nothing was bought.'],
  ] as const)('that ends with a payment %s says why', async (...[reason, state, code, message]) => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    await market.failPayment(checkout!.id, scene.buyer.accountId, reason)
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({ state, problem: { code, message } })
  })

  it('does not end what was paid at the last moment: the payment that cannot be withdrawn counts', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    market.fake.payments.get(checkout!.id)!.state = 'CAPTURED'
    market.clock.advance(hours(25))
    await market.settle()
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({
      state: 'PAID',
      orders: [{ state: 'PAID' }, { state: 'PAID' }],
    })
  })
})

describe('a payment after the end', () => {
  const expired = async (options: Parameters<Market['scene']>[0] = {}) => {
    const scene = market.scene(options)
    const { checkout } = await market.checkout(scene)
    market.clock.advance(hours(25))
    await market.settle()
    return { scene, id: checkout!.id, orderId: checkout!.orders[0]!.id }
  }

  it('buys the goods after all, where they can be reserved again', async () => {
    const { scene, id, orderId } = await expired()
    await market.pay(id, scene.buyer.accountId)
    expect(await market.readCheckout(id, scene.buyer)).toMatchObject({
      state: 'PAID',
      orders: [{ state: 'PAID' }, { state: 'PAID' }],
    })
    expect(scene.variants.map(({ stock }) => stock)).toEqual([8, 9])
    const history = (await market.order(orderId, scene.buyer))!.history
    expect(history.map(({ event }) => event)).toEqual(['PLACED', 'CANCELLED', 'PAID'])
  })

  it('is given back where the goods are gone, and no stock comes back that was never taken', async () => {
    const { scene, id } = await expired()
    scene.variants[0].stock = 0
    await market.pay(id, scene.buyer.accountId)
    const ended = { state: 'CANCELLED', code: 6, endReason: 'PAID_TOO_LATE' }
    expect(await market.readCheckout(id, scene.buyer)).toMatchObject({ state: 'EXPIRED', orders: [ended, ended] })
    const refunds = market.events('OrderCancelled').filter(({ keys }) => keys.includes(id))
    const told = refunds.map(({ payload }) => payload).filter((payload) => 'paid' in payload && payload.paid)
    expect(told).toMatchObject([
      { reason: 'PAID_TOO_LATE', reservedAs: null },
      { reason: 'PAID_TOO_LATE', reservedAs: null },
    ])
    expect(scene.variants.map(({ stock }) => stock)).toEqual([0, 10])
  })

  it.each([undefined, 'productsReserve', 'logisticsQuote', 'productsConfirm'])(
    'buys goods that lie elsewhere by now, and the courier fetches them there for the same money (lost reply: %s)',
    async (lost) => {
      const { scene, id } = await expired()
      scene.variants[0].regencyCode = '32.73'
      if (lost) market.fake.fail(lost, 'lostReply')
      await market.pay(id, scene.buyer.accountId)
      await market.later()
      const { orders } = await market.readCheckout(id, scene.buyer)
      expect(orders.map(({ state }) => state)).toEqual(['PAID', 'PAID'])
      for (const [place, seller] of scene.sellers.entries()) {
        const { id: orderId } = orders.find(({ shop }) => shop.id === scene.variants[place]!.shopId)!
        await market.act('acceptOrder', seller, { orderId })
      }
      await market.settle()
      const accepted = market.events('OrderAccepted').filter(({ keys }) => keys.includes(id))
      expect(accepted.map(({ payload }) => payload)).toMatchObject([
        { shopId: scene.variants[0].shopId, origin: { regencyCode: '32.73' }, shippingCost: 9_000 },
        { shopId: scene.variants[1].shopId, origin: { regencyCode: '31.73' }, shippingCost: 9_000 },
      ])
    },
  )

  it('asks for the goods where they were before, and for what the courier takes from where they are', async () => {
    const { scene, id } = await expired()
    scene.variants[0].regencyCode = '32.73'
    const before = market.fake.sent.length
    await market.pay(id, scene.buyer.accountId)
    const [reserve, quote] = market.fake.sent.slice(before).map(({ input }) => input)
    expect(reserve).toMatchObject({ preferredWarehouseIds: ['warehouse in 31.73'] })
    expect(quote).toMatchObject({ groups: [{ shopId: scene.variants[0].shopId, originRegencyCode: '32.73' }] })
  })

  it.each([undefined, 'productsReserve', 'productsRelease'])(
    'is given back where the courier that was paid for does not come to where the goods are now (lost reply: %s)',
    async (lost) => {
      const { scene, id } = await expired()
      const [moved] = scene.variants
      moved.regencyCode = '32.73'
      const refusal = { code: 'LOGISTICS_UNAVAILABLE', shopId: moved.shopId, reason: 'NOT_OFFERED' }
      market.fake.refuse('logisticsQuote', { __typename: 'LogisticsUnavailable', ...refusal }, 1_000)
      if (lost) market.fake.fail(lost, 'lostReply')
      await market.pay(id, scene.buyer.accountId)
      await market.later()
      market.fake.heal()
      const ended = { state: 'CANCELLED', code: 6, endReason: 'PAID_TOO_LATE' }
      expect(await market.readCheckout(id, scene.buyer)).toMatchObject({ state: 'EXPIRED', orders: [ended, ended] })
      expect(scene.variants.map(({ stock }) => stock)).toEqual([10, 10])
    },
  )

  it('buys goods that lie elsewhere by now, though their reservation runs out while the courier does not answer', async () => {
    const { scene, id } = await expired()
    scene.variants[0].regencyCode = '32.73'
    market.fake.fail('logisticsQuote', 'down', 1_000)
    await market.pay(id, scene.buyer.accountId)
    await market.later()
    expect(scene.variants.map(({ stock }) => stock)).toEqual([8, 9])
    market.clock.advance(hours(1))
    market.fake.runOut(market.clock.now())
    expect(scene.variants.map(({ stock }) => stock)).toEqual([10, 10])
    market.fake.heal()
    await market.later()
    expect(await market.readCheckout(id, scene.buyer)).toMatchObject({
      state: 'PAID',
      orders: [{ state: 'PAID' }, { state: 'PAID' }],
    })
    expect(scene.variants.map(({ stock }) => stock)).toEqual([8, 9])
  })

  it('is given back where the buyer had cancelled', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    expect(await market.act('cancelCheckout', scene.buyer, { checkoutId: checkout!.id })).toMatchObject({
      __typename: 'CancelCheckoutSuccess',
    })
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({
      state: 'CANCELLED',
      orders: [{ endReason: 'PAID_TOO_LATE' }, { endReason: 'PAID_TOO_LATE' }],
    })
  })

  it('reserves again where the reservation ran out just before it', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    await market.fake.calls({
      domain: 'products',
      query: 'mutation { productsRelease }',
      variables: { input: { checkoutId: checkout!.id } },
      requestId: 'x',
    })
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect((await market.readCheckout(checkout!.id, scene.buyer)).state).toBe('PAID')
    expect(scene.variants.map(({ stock }) => stock)).toEqual([8, 9])
  })
})
