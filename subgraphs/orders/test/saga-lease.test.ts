import { newId } from '@pasar/shared/ids'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openMarket, type Market, type Scene } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())
afterEach(() => market.fake.heal())

const sagaQuery = `query ($id: ID!) { checkout(id: $id, reason: "macet") { saga { step compensating attempts fence leaseUntil lastError
  steps { name state undoable attempts doneAt undoneAt } } } }`

interface SagaView {
  readonly step: string
  readonly fence: number
  readonly leaseUntil: string | null
  readonly lastError: string | null
  readonly steps: readonly {
    readonly name: string
    readonly state: string
    readonly attempts: number
    readonly undoable: boolean
  }[]
}

const staffOf = ({ buyer, sellers }: Scene) => ({ ...buyer, accountId: sellers[0].accountId, roles: ['support'] as const })

async function sagaOf(scene: Scene, id: string): Promise<SagaView> {
  const { checkout } = await market.data<{ checkout: { saga: SagaView } }>({
    query: sagaQuery,
    variables: { id },
    as: staffOf(scene),
  })
  return checkout.saga
}

const statesOf = ({ steps }: SagaView) => Object.fromEntries(steps.map(({ name, state }) => [name, state]))

describe('a participant that takes longer than a lease', () => {
  it('is not asked a second time while the process that asked it lives', async () => {
    const scene = market.scene()
    let answer: () => void = () => undefined
    let asked: () => void = () => undefined
    const isAsked = new Promise<void>((resolve) => (asked = resolve))
    market.fake.before('productsReserve', async () => {
      market.fake.before('productsReserve', async () => undefined)
      asked()
      await new Promise<void>((resolve) => (answer = resolve))
    })
    const told = market.checkout(scene)
    await isAsked
    for (let second = 0; second < 12; second += 2) {
      market.clock.advance(2_000)
      await market.settle()
    }
    answer()
    const { checkout } = await told
    expect(market.fake.callsOf(checkout!.id).filter((field) => field === 'productsReserve')).toHaveLength(1)
    expect((await sagaOf(scene, checkout!.id)).fence).toBe(1)
  })
})

describe('what staff see of the work on a checkout', () => {
  it('is which steps are done, what is tried, how often, and what went wrong', async () => {
    const scene = market.scene()
    market.fake.fail('logisticsQuote', 'down', 1_000)
    const { checkout } = await market.checkout(scene)
    market.clock.advance(60_000)
    await market.settle()
    const saga = await sagaOf(scene, checkout!.id)
    expect(statesOf(saga)).toMatchObject({
      lockCart: 'DONE',
      freezeAddress: 'DONE',
      reserveStock: 'DONE',
      quoteShipping: 'CURRENT',
      placeOrders: 'OPEN',
      markPaid: 'OPEN',
    })
    expect(saga).toMatchObject({ leaseUntil: null, lastError: 'quoteShipping: logisticsQuote does not answer right now' })
    expect(saga.steps.find(({ name }) => name === 'quoteShipping')).toMatchObject({ attempts: 2, undoable: false })
  })

  it('is what was undone, in the end', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    await market.act('cancelCheckout', scene.buyer, { checkoutId: checkout!.id })
    expect(statesOf(await sagaOf(scene, checkout!.id))).toMatchObject({
      lockCart: 'UNDONE',
      reserveStock: 'UNDONE',
      placeOrders: 'UNDONE',
      createPayment: 'UNDONE',
      awaitPayment: 'REFUSED',
      markPaid: 'OPEN',
    })
  })
})

describe('a buyer whose checkout cannot finish at once', () => {
  it('is told so in a sentence, and follows it live', async () => {
    const scene = market.scene()
    market.fake.fail('paymentsCreate', 'down', 1)
    const told = await market.checkout(scene)
    expect(told).toMatchObject({
      __typename: 'CheckoutProcessing',
      message: expect.stringContaining('is being processed') as unknown,
    })
    const frames = await market.subscribe({
      query: 'subscription ($id: ID!) { checkoutUpdated(checkoutId: $id) { checkout { state payBy } } }',
      variables: { id: told.checkout!.id },
      as: scene.buyer,
    })
    const next = frames.next()
    market.clock.advance(60_000)
    await market.settle()
    const { value } = (await next) as { value: { data: { checkoutUpdated: { checkout: object } } } }
    expect(value.data.checkoutUpdated.checkout).toMatchObject({ state: 'AWAITING_PAYMENT' })
    await frames.return?.()
  })
})

describe('one cart that is bought twice at once', () => {
  it('is one checkout, whatever keys the clicks carry', async () => {
    const scene = market.scene()
    const clicks = await Promise.all(
      Array.from({ length: 6 }, () => market.checkout(scene, { idempotencyKey: newId('movement') })),
    )
    const placed = clicks.filter(({ __typename }) => __typename === 'CheckoutPlaced')
    expect(placed).toHaveLength(1)
    const others = new Set(clicks.map(({ __typename }) => __typename))
    others.delete('CheckoutPlaced')
    expect([...others].every((one) => ['CheckoutAlreadyRunning', 'CheckoutCartChanged'].includes(one))).toBe(true)
    expect(scene.variants.map(({ stock }) => stock)).toEqual([8, 9])
  })
})

describe('a payment that comes after the end and is told in two events', () => {
  it('takes the goods once', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    await market.failPayment(checkout!.id, scene.buyer.accountId, 'EXPIRED')
    await market.pay(checkout!.id, scene.buyer.accountId)
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({ state: 'PAID' })
    expect(scene.variants.map(({ stock }) => stock)).toEqual([8, 9])
  })
})
