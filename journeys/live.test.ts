import { confirmReceipt, acceptOrder } from '@pasar/scripts/demo/order-operations'
import type { Operation } from '@pasar/scripts/demo/operation'
import type { Bus } from '@pasar/shared/events/bus'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { buy, click, fillCart, pay } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { newBuyer, newShop, setStock } from './people.ts'
import { inBothWays } from './ways.ts'

inBothWays((way) => {
  let test: TestMarket
  beforeAll(async () => {
    test = await openTestMarket({ way })
  })
  afterAll(() => test.stop())

  /** Fields of orders, payments, logistics, products and users together. */
  const everything = `id state code version allowedMoves history { event by at } deadlines { kind dueAt kept }
    checkout { state payment { state capturedAt events { edges { node { providerStatus outcome } } } } }
    shipments { id trackingNumber status courierService { name courier { name } } events { edges { node { status location } } } }
    lines { quantity product { title soldCount rating { count } } variant { sku available price { formatted } } }
    shop { name slug regency { name province { name } } } buyer { id displayName email }`

  interface Order {
    readonly state: string
    readonly shipments: readonly { readonly trackingNumber: string }[]
  }

  const live: Operation<{ cursor: string; event: string; order: Order }> = `subscription Everything($id: ID!, $after: String) {
    orderUpdated(orderId: $id, after: $after) { cursor event order { ${everything} } }
  }`
  const ordinary: Operation<Order> = `query Everything($id: ID!) { order(id: $id) { ${everything} } }`

  it('every live frame is what an ordinary query answers at that moment, and none is missed by who comes back', async () => {
    const shop = await newShop(test, [{ price: 75_000, units: 9 }])
    const buyer = await newBuyer(test)
    const bought = await buy(test, buyer, click(await fillCart(buyer, [[shop.goods[0]!, 2]])))
    const { id } = bought.orders[0]!
    const stream = await test.follow(buyer.client, live, { id })
    const compareAt = async (event: string) => {
      const frame = await stream.waitFor(event, (one) => one.event === event)
      expect(frame.order).toEqual(await buyer.client.ask(ordinary, { id }))
      return frame
    }
    await pay(test, bought)
    const paid = await compareAt('PAID')
    await shop.owner.client.ask(acceptOrder, { input: { orderId: id, idempotencyKey: 'terima' } })
    await test.settle()
    const { order } = await compareAt('READY_TO_SHIP')
    const { trackingNumber } = order.shipments[0]!
    for (const event of ['SHIPPED', 'DELIVERED']) {
      while (!stream.frames.some((frame) => frame.event === event)) {
        await test.simulators.advance(trackingNumber)
        await test.settle()
        // The order moves with some of the scans only; the frames of this scan have come when the next stream has them.
        await caughtUp(id)
      }
      await compareAt(event)
    }
    await buyer.client.ask(confirmReceipt, { input: { orderId: id, idempotencyKey: 'sampai' } })
    await test.settle()
    await compareAt('COMPLETED')

    const resumed = await test.follow(buyer.client, live, { id, after: paid.cursor })
    await resumed.waitFor('the end', ({ event }) => event === 'COMPLETED')
    const told = (frames: readonly { cursor: string; event: string }[]) => frames.map(({ cursor, event }) => ({ cursor, event }))
    expect(told(resumed.frames)).toEqual(told(stream.frames.slice(1)))

    async function caughtUp(orderId: string) {
      const { state } = await buyer.client.ask(ordinary, { id: orderId })
      if (['SHIPPED', 'DELIVERED'].includes(state)) await stream.waitFor(state, (frame) => frame.event === state)
    }
  })
})

it('whoever asks again for what a live frame tells them is told the same, however far behind the consumers are', async () => {
  let busyWith = ''
  let isBusy = false
  let goOn = () => undefined as void
  const held = new Promise<void>((resolve) => (goOn = resolve))
  const throughBus = (bus: Bus): Bus => ({
    ...bus,
    consume: (subscription) =>
      bus.consume({
        ...subscription,
        handle: async (event) => {
          if (event.type === 'ListingChanged' && event.payload.productId === busyWith) {
            isBusy = true
            await held
          }
          await subscription.handle(event)
        },
      }),
  })
  const test = await openTestMarket({ background: true, throughBus })
  const shop = await newShop(test, [
    { price: 75_000, units: 9 },
    { price: 75_000, units: 9 },
  ])
  const [first, second] = [shop.goods[0]!, shop.goods[1]!]
  const listing: Operation<{ available: number }> =
    `subscription Listing($id: ID!) { listingChanged(productId: $id) { available } }`
  const id = second.productId
  const page: Operation<{ variants: { available: number }[] }> =
    `query Page($id: ID!) { product(id: $id) { id variants { id available } } }`
  const look = async () => (await test.guest.ask(page, { id })).variants[0]!.available
  const stream = await test.follow(test.guest, listing, { id })
  busyWith = first.productId
  await setStock(shop, first.variantId, 8)
  await vi.waitFor(() => expect(isBusy).toBe(true), { timeout: 20_000, interval: 5 })
  expect([await look(), await look()]).toEqual([9, 9])
  await setStock(shop, second.variantId, 0)
  const frame = await stream.waitFor('what changed', () => true)
  expect([frame.available, await look()]).toEqual([0, 0])
  goOn()
  await test.stop()
})
