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
