import { newId } from '@pasar/shared/ids'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openMarket, staff, type Asked, type Market } from './market.ts'
import type { Transaction } from './provider-for-test.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterEach(() => Object.assign(market.provider, { down: undefined, losesAnswers: false }))
afterAll(() => market.close())

const cancelled = { cancelled: true, captured: false }

/** The buyer has typed a card into the provider's page, and the provider has told nobody yet. */
function paysOnPage({ paymentId, amount }: Asked, status: Pick<Transaction, 'transaction_status' | 'fraud_status'>): void {
  const card = {
    order_id: paymentId,
    transaction_id: `card-${paymentId}`,
    gross_amount: `${amount}.00`,
    payment_type: 'credit_card',
  }
  market.provider.transactions.set(paymentId, { ...card, ...status, refunds: [] })
}

describe('asking for a payment', () => {
  it('asks the provider once, however often orders asks', async () => {
    const checkoutId = newId('checkout')
    const buyerId = newId('account')
    const first = await market.ask({ checkoutId, buyerId })
    const charges = market.provider.calls.length
    const input = {
      checkoutId,
      buyerId,
      method: 'BCA_VA',
      amount: 115_000,
      expiresAt: '2026-11-19T05:00:00.000Z',
      orders: first.orders,
    }
    const query = `mutation ($input: PaymentsCreateInput!) { paymentsCreate(input: $input) { __typename ... on PaymentsCreated { paymentId expiresAt } } }`
    const again = await market.executeAsOrders<{ paymentsCreate: unknown }>({ query, variables: { input } })
    expect(again.data?.paymentsCreate).toEqual({ ...first.result })
    expect(market.provider.calls.length).toBe(charges)
    const other = await market.executeAsOrders<{ paymentsCreate: unknown }>({
      query,
      variables: { input: { ...input, method: 'BNI_VA' } },
    })
    expect(other.data?.paymentsCreate).toEqual({ __typename: 'IdempotencyKeyReused' })
    await market.settle()
    expect(market.eventsOf(first).map(({ type }) => type)).toEqual(['PaymentPending'])
  })

  it.each([
    ['BCA_VA', 24 * 60],
    ['QRIS', 15],
  ])('says until when it can be paid (%s)', async (method, minutes) => {
    const asked = await market.ask({ method })
    const expiresAt = new Date(market.clock.now().getTime() + minutes * 60_000).toISOString()
    expect(asked.result).toMatchObject({ __typename: 'PaymentsCreated', expiresAt })
  })

  it.each(['BCA_VA', 'QRIS', 'GOPAY'])(
    'finds its payment again when the answer of the provider got lost (%s)',
    async (method) => {
      const checkoutId = newId('checkout')
      const wanted = { checkoutId, buyerId: newId('account'), method, shopIds: [newId('shop')] }
      market.provider.losesAnswers = true
      await expect(market.ask(wanted)).rejects.toThrow('does not answer')
      market.provider.losesAnswers = false
      const asked = await market.ask(wanted)
      expect(asked.result.__typename).toBe('PaymentsCreated')
      const { rows } = await market.sql.query<{ instructions: object }>(
        'SELECT instructions FROM payment WHERE checkout_id = $1',
        [checkoutId],
      )
      expect(rows).toEqual([
        { instructions: expect.objectContaining({ kind: method === 'BCA_VA' ? 'VIRTUAL_ACCOUNT' : 'QR' }) as object },
      ])
    },
  )

  it('refuses rather than leave a buyer without the way to pay: a wallet link that got lost cannot be asked for again', async () => {
    const wanted = { checkoutId: newId('checkout'), method: 'SHOPEEPAY' }
    market.provider.losesAnswers = true
    await expect(market.ask(wanted)).rejects.toThrow('does not answer')
    market.provider.losesAnswers = false
    expect((await market.ask(wanted)).result.code).toBe('PAYMENTS_METHOD_UNAVAILABLE')
    expect(await market.cancel(wanted.checkoutId)).toEqual(cancelled)
  })

  it.each([
    ['an amount beyond what the method takes', { method: 'QRIS', orders: [[10_000_001, 0]] }],
    ['an amount below what the method takes', { method: 'CARD', orders: [[9_999, 0]] }],
    ['a deadline that has passed', { expiresAt: '2026-11-18T04:59:59.000Z' }],
  ] as const)('refuses %s, and leaves nothing behind', async (_, wanted) => {
    const asked = await market.ask(wanted)
    expect(asked.result.code).toBe('PAYMENTS_METHOD_UNAVAILABLE')
    expect((await market.sql.query('SELECT id FROM payment WHERE checkout_id = $1', [asked.checkoutId])).rows).toEqual([])
  })

  it.each([
    ['amount', { amount: 115_001 }],
    ['orders', { orders: [] }],
    ['orders.itemsAmount', { orders: [[0, 15_000]] }],
    ['orders.shippingAmount', { orders: [[100, -1]] }],
    ['checkoutId', { checkoutId: 'ord_x' }],
  ] as const)('throws the wrong input %s back', async (field, wanted) => {
    await expect(market.ask(wanted)).rejects.toThrow(`${field}: expected`)
  })

  it('is for orders alone', async () => {
    const query = `mutation { paymentsCancel(input: { checkoutId: "${newId('checkout')}" }) { cancelled } }`
    for (const as of [undefined, staff('admin')]) {
      const { errors } = await market.execute({ query, ...(as && { as }) })
      expect(errors?.[0]?.extensions?.['code']).toBe(as ? 'FORBIDDEN' : 'UNAUTHENTICATED')
    }
  })
})

describe('calling a payment off', () => {
  it('ends it at the provider and here, and tells the market', async () => {
    const asked = await market.ask()
    expect(await market.cancel(asked.checkoutId)).toEqual(cancelled)
    expect(await market.cancel(asked.checkoutId)).toEqual(cancelled)
    expect([await market.state(asked), market.provider.transactions.get(asked.paymentId)!.transaction_status]).toEqual([
      'CANCELLED',
      'expire',
    ])
    await market.says(asked, 'expire')
    await market.settle()
    expect(market.eventsOf(asked).map(({ type }) => type)).toEqual(['PaymentPending', 'PaymentFailed'])
    expect(await market.state(asked)).toBe('CANCELLED')
  })

  it('says captured when it is paid', async () => {
    const asked = await market.ask()
    await market.says(asked, 'settlement')
    expect(await market.cancel(asked.checkoutId)).toEqual({ cancelled: false, captured: true })
  })

  it('finds out from the provider that it was paid when the notification is still on its way', async () => {
    const asked = await market.ask()
    market.provider.transactions.get(asked.paymentId)!.transaction_status = 'settlement'
    expect(await market.cancel(asked.checkoutId)).toEqual({ cancelled: false, captured: true })
    await market.says(asked, 'settlement')
    await market.settle()
    expect(market.eventsOf(asked).map(({ type }) => type)).toEqual(['PaymentPending', 'PaymentCaptured'])
  })

  it('leaves a card alone that was paid with, though no notification said so yet', async () => {
    const asked = await market.ask({ method: 'CARD' })
    paysOnPage(asked, { transaction_status: 'capture' })
    expect(await market.cancel(asked.checkoutId)).toEqual({ cancelled: false, captured: true })
    expect(market.provider.transactions.get(asked.paymentId)!.transaction_status).toBe('capture')
    await market.says(asked, 'capture')
    await market.settle()
    expect(market.eventsOf(asked).map(({ type }) => type)).toEqual(['PaymentPending', 'PaymentCaptured'])
  })

  it.each([
    ['the fraud check still looks at', { transaction_status: 'capture', fraud_status: 'challenge' }, 'deny'],
    ['was only authorized', { transaction_status: 'authorize' }, 'cancel'],
  ] as const)('ends a card that %s', async (_, status, end) => {
    const asked = await market.ask({ method: 'CARD' })
    paysOnPage(asked, status)
    expect(await market.cancel(asked.checkoutId)).toEqual(cancelled)
    expect(market.provider.transactions.get(asked.paymentId)!.transaction_status).toBe(end)
    expect(await market.state(asked)).toBe('CANCELLED')
  })

  it('ends a card page on which a card was refused', async () => {
    const asked = await market.ask({ method: 'CARD' })
    paysOnPage(asked, { transaction_status: 'deny' })
    await market.says(asked, 'deny')
    expect(await market.state(asked)).toBe('PENDING')
    expect(await market.cancel(asked.checkoutId)).toEqual(cancelled)
    await market.settle()
    expect(market.eventsOf(asked).map(({ type }) => type)).toEqual(['PaymentPending', 'PaymentFailed'])
  })

  it('before it was asked for refuses it for ever', async () => {
    const checkoutId = newId('checkout')
    expect(await market.cancel(checkoutId)).toEqual(cancelled)
    expect((await market.ask({ checkoutId })).result.code).toBe('PAYMENTS_CHECKOUT_CANCELLED')
    expect(await market.cancel(checkoutId)).toEqual(cancelled)
  })

  it('waits while the provider is down', async () => {
    const asked = await market.ask()
    market.provider.down = '/expire'
    expect(await market.cancel(asked.checkoutId)).toBeUndefined()
    market.provider.down = undefined
    expect(await market.cancel(asked.checkoutId)).toEqual(cancelled)
  })

  it('ends a card page that nobody has opened', async () => {
    const asked = await market.ask({ method: 'CARD' })
    expect(await market.cancel(asked.checkoutId)).toEqual(cancelled)
  })
})

describe('a payment of which no word comes', () => {
  it.each(['BCA_VA', 'CARD'])('is asked about when its time is over, and ends (%s)', async (method) => {
    const asked = await market.ask({ method })
    const transaction = market.provider.transactions.get(asked.paymentId)
    if (transaction) transaction.transaction_status = 'expire'
    await market.settle()
    expect(await market.state(asked)).toBe('PENDING')
    market.clock.advance(86_400_000 + 300_000)
    await market.settle()
    expect(await market.state(asked)).toBe('EXPIRED')
    market.clock.set(new Date('2026-11-18T05:00:00.000Z'))
  })

  it('ends when the time of its page is over, where every card was refused', async () => {
    const asked = await market.ask({ method: 'CARD' })
    paysOnPage(asked, { transaction_status: 'deny' })
    await market.says(asked, 'deny')
    await market.settle()
    expect(await market.state(asked)).toBe('PENDING')
    market.clock.advance(86_400_000 + 300_000)
    await market.settle()
    expect(await market.state(asked)).toBe('DENIED')
    market.clock.set(new Date('2026-11-18T05:00:00.000Z'))
  })
})
