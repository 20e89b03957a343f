import { acceptOrder } from '@pasar/scripts/demo/order-operations'
import type { Operation } from '@pasar/scripts/demo/operation'
import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { paidOrder, parcelOf, scan } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { newShop, type Person } from './people.ts'
import { inBothWays } from './ways.ts'

inBothWays((way) => {
  let test: TestMarket
  beforeAll(async () => {
    test = await openTestMarket({ way })
  })
  afterAll(() => test.stop())

  interface Told {
    readonly kind: string
    readonly order: { readonly id: string; readonly state: string }
  }

  const live: Operation<{ cursor: string; notification: Told }> = `subscription Told($after: String) {
    notificationAdded(after: $after) { cursor notification { kind order { id state } } } }`
  const list: Operation<{
    unreadNotifications: number
    notifications: { edges: readonly { cursor: string; node: Told }[] }
  }> = `query Told { me { unreadNotifications notifications { edges { cursor node { kind order { id state } } } } } }`

  const kindsOf = async ({ client }: Person) => {
    const { notifications } = await client.ask(list)
    return notifications.edges.map(({ node }) => node.kind).toReversed()
  }

  it('a buyer and a seller are told live what happens to an order, each once, and find it in their lists', async () => {
    const shop = await newShop(test, [{ price: 75_000, units: 9 }])
    const seller = await test.follow(shop.owner.client, live, {})
    const { buyer, order } = await paidOrder(test, shop)
    const { notification } = await seller.waitFor('the new order', () => true)
    expect(notification).toEqual({ kind: 'SHOP_ORDER_PAID', order: { id: order.id, state: 'PAID' } })
    const stream = await test.follow(buyer.client, live, { after: 'START' })
    await shop.owner.client.ask(acceptOrder, { input: { orderId: order.id, idempotencyKey: newId('movement') } })
    await test.settle()
    const { trackingNumber } = await parcelOf(buyer, order.id)
    await scan(test, trackingNumber, ['picked', 'delivered'])
    const last = await stream.waitFor('the parcel', ({ notification: told }) => told.kind === 'ORDER_DELIVERED')
    const told = ['ORDER_PAID', 'ORDER_ACCEPTED', 'ORDER_SHIPPED', 'ORDER_DELIVERED']
    expect(stream.frames.map((frame) => frame.notification.kind)).toEqual(told)
    expect(await kindsOf(buyer)).toEqual(told)
    expect(await kindsOf(shop.owner)).toEqual(['SHOP_ORDER_PAID'])
    const read = `mutation Read($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) { __typename } }`
    await buyer.client.ask(read, { input: { upTo: last.cursor } })
    expect(await buyer.client.ask(list)).toMatchObject({ unreadNotifications: 0 })
  })
})
