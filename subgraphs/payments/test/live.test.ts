import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { account, openMarket, staff, type Asked, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

const query = `subscription ($id: ID!, $after: String) { paymentUpdated(paymentId: $id, after: $after) { cursor event payment { state capturedAt } } }`
interface Frame {
  readonly cursor: string
  readonly event: string
  readonly payment: { readonly state: string }
}
const follow = (asked: Asked, rest: { after?: string; as?: ReturnType<typeof account> } = {}) =>
  market.subscribe({
    query,
    variables: { id: asked.paymentId, after: rest.after ?? null },
    as: rest.as ?? account(asked.buyerId),
  })
const frame = async (frames: Awaited<ReturnType<typeof follow>>) =>
  (await frames.next()).value as { data?: { paymentUpdated: Frame }; errors?: readonly { extensions: object }[] }

describe('following a payment', () => {
  it('shows the buyer each change as it happens, and after a reconnect exactly what was missed', async () => {
    const asked = await market.ask({ method: 'GOPAY' })
    await market.settle()
    const frames = await follow(asked)
    await market.says(asked, 'settlement')
    await market.settle()
    const captured = (await frame(frames)).data!.paymentUpdated
    expect(captured).toMatchObject({ event: 'CAPTURED', payment: { state: 'CAPTURED' } })
    await frames.return?.()
    await market.cancelled(asked)
    await market.settle()
    const resumed = await follow(asked, { after: captured.cursor })
    expect((await frame(resumed)).data?.paymentUpdated.event).toBe('REFUNDED')
    await resumed.return?.()
  })

  it('shows that the fraud check looks at it, and that a chargeback took the money back', async () => {
    const asked = await market.ask({ method: 'GOPAY' })
    await market.settle()
    const frames = await follow(asked)
    const moves = [
      ['UNDER_REVIEW', 'MOVED', 'capture', { status_code: '201', fraud_status: 'challenge' }],
      ['CAPTURED', 'CAPTURED', 'capture', {}],
      ['REFUNDED', 'MOVED', 'chargeback', {}],
    ] as const
    for (const [state, event, word, fields] of moves) {
      await market.says(asked, word, fields)
      await market.settle()
      expect((await frame(frames)).data!.paymentUpdated).toMatchObject({ event, payment: { state } })
    }
    await frames.return?.()
    await market.says(asked, 'settlement')
    await market.settle()
    expect(market.eventsOf(asked)).toHaveLength(4)
  })

  it('shows that the courier has the cash, once, when it has that of every order', async () => {
    const asked = await market.ask({ method: 'COD', orders: [[100_000, 15_000], [50_000, 0]] }) // prettier-ignore
    await market.settle()
    const frames = await follow(asked)
    for (const { orderId, shopId } of [...asked.orders, asked.orders[0]!]) {
      const payload = {
        orderId,
        shopId,
        checkoutId: asked.checkoutId,
        buyerId: asked.buyerId,
        completeBy: '2026-11-25T05:00:00.000Z',
      }
      await market.deliver('orders', { type: 'OrderDelivered', payload })
    }
    await market.settle()
    expect((await frame(frames)).data!.paymentUpdated).toMatchObject({ event: 'MOVED', payment: { state: 'CAPTURED' } })
    await frames.return?.()
    expect(market.eventsOf(asked).map(({ type }) => type)).toEqual(['PaymentPending', 'PaymentCaptured', 'PaymentMoved'])
  })

  it('is refused to others, and open to support', async () => {
    const asked = await market.ask()
    const refused = await frame(await follow(asked, { as: account(newId('account')) }))
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'paymentId' })
    const frames = await follow(asked, { as: staff('support') })
    await market.says(asked, 'expire')
    await market.settle()
    expect((await frame(frames)).data?.paymentUpdated.event).toMatch(/PENDING|FAILED/)
    await frames.return?.()
  })

  it('does not take a cursor that it never gave', async () => {
    const asked = await market.ask()
    const { errors } = await frame(await follow(asked, { after: 'yesterday' }))
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
  })
})
