import { accountForTest } from '@pasar/shared/testing/account'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bookedOrder, scan, startLogistics } from './logistics-for-test.ts'

let logistics: Awaited<ReturnType<typeof startLogistics>>
beforeAll(async () => {
  logistics = await startLogistics()
})
afterAll(() => logistics.stop())

describe('a parcel that the courier loses', () => {
  it.each([
    ['lost', ['picked', 'lost']],
    ['disposed of', ['picked', 'dropping_off', 'disposed']],
    ['given up with the courier', ['picked', 'on_hold', 'cancelled']],
    ['given up on its way', ['picked', 'dropping_off', 'cancelled']],
  ])('(%s) is owed for by the courier: goods and way, once, as seller and support see', async (_, words) => {
    const order = await bookedOrder(logistics)
    for (const [minute, status] of words.entries())
      await scan(logistics, { trackingNumber: order.trackingNumber, status, minute })
    await scan(logistics, { trackingNumber: order.trackingNumber, status: words.at(-1)!, minute: 9 })
    const claimOf = async (as: AccountViewer) => {
      const query = `query ($id: ID!) { _entities(representations: [{ __typename: "Shipment", id: $id }]) { ... on Shipment { courierClaim { amount { amount } } } } }`
      const { data } = await logistics.execute<{ _entities: unknown[] }>({ query, variables: { id: order.shipmentId }, as })
      return data!._entities[0]
    }
    const owed = { courierClaim: { amount: { amount: 2 * 53_500 + 19_000 } } }
    expect([await claimOf(order.seller), await claimOf(accountForTest(['support']))]).toEqual([owed, owed])
    expect(await claimOf(order.buyer)).toEqual({ courierClaim: null })
  })

  it('is nobody’s loss when the shop has it back, or has it still', async () => {
    for (const words of [['picked', 'returned'], ['cancelled']]) {
      const order = await bookedOrder(logistics)
      for (const [minute, status] of words.entries())
        await scan(logistics, { trackingNumber: order.trackingNumber, status, minute })
      const query = `query ($id: ID!) { _entities(representations: [{ __typename: "Shipment", id: $id }]) { ... on Shipment { courierClaim { notedAt } } } }`
      const { data } = await logistics.execute<{ _entities: unknown[] }>({
        query,
        variables: { id: order.shipmentId },
        as: order.seller,
      })
      expect(data!._entities).toEqual([{ courierClaim: null }])
    }
  })
})
