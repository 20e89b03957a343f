import { newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import type { ExecutionResult } from 'graphql'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hours, openMarket, type CheckoutView, type Market, type Scene } from './market.ts'
import { otherReplica } from './other-replica.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())
afterEach(() => market.fake.heal())

interface Told extends CheckoutView {
  readonly message: string | null
  readonly paymentReceivedAt: string | null
}

const fields =
  'state cancellable message paymentReceivedAt problem { __typename message } orders { allowedMoves deadlines { kind doneAt kept } }'

/** What a checkout says of itself to its buyer. */
async function told({ buyer }: Scene, id: string): Promise<Told> {
  const query = `query ($id: ID!) { checkout(id: $id) { ${fields} } }`
  return (await market.data<{ checkout: Told }>({ query, variables: { id }, as: buyer })).checkout
}

/** What has happened to a checkout, as whoever follows it from its beginning sees it. */
async function frames({ buyer }: Scene, id: string, last: string): Promise<string[]> {
  const query = `subscription ($id: ID!) { checkoutUpdated(checkoutId: $id, after: "START") { event } }`
  const stream = await market.subscribe({ query, variables: { id }, as: buyer })
  const seen: string[] = []
  while (seen.at(-1) !== last) {
    const { value } = (await stream.next()) as { value: ExecutionResult<{ checkoutUpdated: { event: string } }> }
    if (!value.data) throw new Error(JSON.stringify(value))
    seen.push(value.data.checkoutUpdated.event)
  }
  await stream.return?.()
  return seen
}

/** All due work, until everything that rests has been looked at again. */
async function goOn() {
  for (let round = 0; round < 3; round++) {
    market.clock.advance(60_000)
    await market.settle()
  }
}

const captured = (checkoutId: string, { buyer }: Scene) => {
  const payload = { paymentId: newId('payment'), checkoutId, buyerId: buyer.accountId, amount: 1 }
  return market.deliver('payments', { type: 'PaymentCaptured', payload })
}

const paidInTime = [{ kind: 'PAY', kept: true, doneAt: expect.any(String) as string }]
const received = {
  state: 'AWAITING_PAYMENT',
  cancellable: false,
  message: expect.stringContaining('Your payment is here') as string,
  orders: [
    { allowedMoves: [], deadlines: paidInTime },
    { allowedMoves: [], deadlines: paidInTime },
  ],
}

describe('a buyer who has paid while products does not answer', () => {
  it('is told that the payment is here, can no longer cancel, and has paid in time however long it takes', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    expect(await told(scene, checkout!.id)).toMatchObject({
      cancellable: true,
      message: null,
      paymentReceivedAt: null,
      orders: [{ allowedMoves: ['CANCEL_CHECKOUT'] }, { allowedMoves: ['CANCEL_CHECKOUT'] }],
    })
    market.fake.fail('productsConfirm', 'down', 1_000)
    const paymentReceivedAt = market.clock.now().toISOString()
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await frames(scene, checkout!.id, 'PAYMENT_RECEIVED')).toEqual(['PLACED', 'PAYMENT_RECEIVED'])
    expect(await told(scene, checkout!.id)).toMatchObject({ ...received, paymentReceivedAt })
    expect(await market.act('cancelCheckout', scene.buyer, { checkoutId: checkout!.id })).toMatchObject({
      __typename: 'CheckoutNotCancellable',
    })
    expect(await market.act('confirmReceipt', scene.buyer, { orderId: checkout!.orders[0]!.id })).toMatchObject({
      __typename: 'IllegalOrderMove',
      allowed: [],
    })
    market.clock.advance(hours(25))
    await market.settle()
    expect(await told(scene, checkout!.id)).toMatchObject({ ...received, paymentReceivedAt })
    market.fake.heal()
    await goOn()
    expect(await told(scene, checkout!.id)).toMatchObject({ state: 'PAID', message: null, problem: null })
    expect(await frames(scene, checkout!.id, 'PAID')).toEqual(['PLACED', 'PAYMENT_RECEIVED', 'PAID'])
  })

  it('has paid in time also where the money was here before the market was ready for it', async () => {
    const scene = market.scene()
    market.fake.before('paymentsCreate', async () => {
      market.fake.before('paymentsCreate', async () => undefined)
      const { input } = market.fake.sent.at(-1)!
      await captured(input.checkoutId, scene)
    })
    market.fake.fail('productsConfirm', 'down', 1_000)
    const { checkout } = await market.checkout(scene, { paymentMethod: 'WALLET' })
    expect(await told(scene, checkout!.id)).toMatchObject(received)
    market.fake.heal()
    await goOn()
    expect(await frames(scene, checkout!.id, 'PAID')).toEqual(['PAYMENT_RECEIVED', 'PLACED', 'PAID'])
  })

  it('is told so once, also where the market learns it from a payment that cannot be withdrawn', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    market.fake.payments.get(checkout!.id)!.state = 'CAPTURED'
    market.fake.fail('productsConfirm', 'down', 1_000)
    expect(await market.act('cancelCheckout', scene.buyer, { checkoutId: checkout!.id })).toMatchObject({
      __typename: 'CheckoutNotCancellable',
    })
    expect(await told(scene, checkout!.id)).toMatchObject(received)
    await captured(checkout!.id, scene)
    market.fake.heal()
    await goOn()
    expect(await frames(scene, checkout!.id, 'PAID')).toEqual(['PLACED', 'PAYMENT_RECEIVED', 'PAID'])
  })

  it('has paid in time where the deadline passes unsettled', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    market.fake.fail('productsConfirm', 'down', 1_000)
    await market.pay(checkout!.id, scene.buyer.accountId)
    const { pool, stop } = openPostgres({ url: market.databaseUrl })
    // As it is where the payment was heard while its deadline was being written.
    const ofThese = [checkout!.orders.map(({ id }) => id)]
    await pool.query('UPDATE deadline SET done_at = NULL, kept = NULL WHERE order_id = ANY($1)', ofThese)
    await stop()
    market.clock.advance(hours(25))
    await market.settle()
    expect(await told(scene, checkout!.id)).toMatchObject(received)
  })

  it('has paid in time where the market hears of it after the deadline, from the payment that cannot be withdrawn', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    market.fake.payments.get(checkout!.id)!.state = 'CAPTURED'
    market.fake.fail('productsConfirm', 'down', 1_000)
    market.clock.advance(hours(25))
    await market.settle()
    expect(await told(scene, checkout!.id)).toMatchObject(received)
    await captured(checkout!.id, scene)
    market.fake.heal()
    await goOn()
    expect(await frames(scene, checkout!.id, 'PAID')).toEqual(['PLACED', 'PAYMENT_RECEIVED', 'PAID'])
  })

  it('has paid in time where the market hears of it after the deadline, before it has ended anything', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    market.fake.fail('productsConfirm', 'down', 1_000)
    market.clock.advance(hours(25))
    await otherReplica(market)
    await captured(checkout!.id, scene)
    await market.settle()
    expect(await told(scene, checkout!.id)).toMatchObject(received)
  })
})

describe('a buyer who has paid when nothing could be bought any more', () => {
  const tooLate = {
    __typename: 'CheckoutPaidTooLate',
    message: 'Your payment came too late: nothing was bought, and your money is being returned.',
  }
  const soldOut = ({ variants }: Scene) => void (variants[0].stock = 0)

  it.each([
    ['DENIED', 'FAILED'],
    ['EXPIRED', 'EXPIRED'],
  ] as const)('hears that the money goes back, after a payment that was %s', async (reason, state) => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    await market.failPayment(checkout!.id, scene.buyer.accountId, reason)
    soldOut(scene)
    market.fake.fail('productsReserve', 'down', 2)
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await told(scene, checkout!.id)).toMatchObject({
      state,
      message: expect.stringContaining('Your payment came after this checkout had ended') as string,
    })
    await goOn()
    expect(await told(scene, checkout!.id)).toMatchObject({ state, problem: tooLate, message: null, cancellable: false })
    const seen = await frames(scene, checkout!.id, 'PAID_TOO_LATE')
    expect(seen).toEqual(['PLACED', state, 'PAYMENT_RECEIVED', 'PAID_TOO_LATE'])
  })

  it('hears it also who had cancelled', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    await market.act('cancelCheckout', scene.buyer, { checkoutId: checkout!.id })
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await told(scene, checkout!.id)).toMatchObject({ state: 'CANCELLED', problem: tooLate, message: null })
    const seen = await frames(scene, checkout!.id, 'PAID_TOO_LATE')
    expect(seen).toEqual(['PLACED', 'CANCELLED', 'PAYMENT_RECEIVED', 'PAID_TOO_LATE'])
  })

  it('hears it also whose reservation ran out meanwhile', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    market.fake.reservations.get(checkout!.id)!.state = 'RELEASED'
    soldOut(scene)
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await told(scene, checkout!.id)).toMatchObject({ state: 'EXPIRED', problem: tooLate, message: null })
    const seen = await frames(scene, checkout!.id, 'PAID_TOO_LATE')
    expect(seen).toEqual(['PLACED', 'PAYMENT_RECEIVED', 'PAID_TOO_LATE'])
  })

  it('reads the same again with the same key, also where it all came at once', async () => {
    const scene = market.scene()
    const wish = { idempotencyKey: 'at-once', paymentMethod: 'WALLET' }
    market.fake.before('paymentsCreate', async () => {
      market.fake.before('paymentsCreate', async () => undefined)
      const { checkoutId } = market.fake.sent.at(-1)!.input
      await captured(checkoutId, scene)
      market.fake.reservations.get(checkoutId)!.state = 'RELEASED'
      soldOut(scene)
    })
    expect(await market.checkout(scene, wish)).toMatchObject(tooLate)
    expect(await market.checkout(scene, wish)).toMatchObject(tooLate)
  })

  it('reads the same again with the same key', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene, { idempotencyKey: 'late' })
    await market.failPayment(checkout!.id, scene.buyer.accountId, 'DENIED')
    soldOut(scene)
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await market.checkout(scene, { idempotencyKey: 'late' })).toMatchObject(tooLate)
  })
})

describe('a buyer whose checkout goes on after the answer', () => {
  it.each([
    ['BCA_VA', 'Nothing has been charged'],
    ['WALLET', 'If nothing is bought, what it takes from your balance comes back'],
  ])('who pays by %s reads what becomes of the money', async (paymentMethod, sentence) => {
    const scene = market.scene()
    market.fake.fail('paymentsCreate', 'lostReply', 1)
    const answer = await market.checkout(scene, { paymentMethod })
    expect(answer).toMatchObject({ __typename: 'CheckoutProcessing', message: expect.stringContaining(sentence) as string })
    expect((await told(scene, answer.checkout!.id)).message).toBe(answer['message'])
    await goOn()
  })
})
