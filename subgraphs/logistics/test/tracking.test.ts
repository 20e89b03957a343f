import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bookedOrder, scan, startLogistics } from './logistics-for-test.ts'

let logistics: Awaited<ReturnType<typeof startLogistics>>
beforeAll(async () => {
  logistics = await startLogistics()
})
afterAll(() => logistics.stop())

const query = `subscription ($id: ID!, $after: String) { shipmentTracked(shipmentId: $id, after: $after) {
  cursor status event { status location } shipment { id status trackingNumber } } }`

interface Frame {
  readonly cursor: string
  readonly status: string
  readonly event: { readonly status: string } | null
  readonly shipment: { readonly status: string }
}

const follow = (shipmentId: string, as: ReturnType<typeof accountForTest>, after?: string) =>
  logistics.subscribe({ query, variables: { id: shipmentId, after: after ?? null }, as })

const take = async (frames: Awaited<ReturnType<typeof follow>>) =>
  ((await frames.next()).value as { data: { shipmentTracked: Frame } }).data.shipmentTracked

describe('following a parcel', () => {
  it('shows each move as it happens, with the shipment as it is then', async () => {
    const { shipmentId, trackingNumber, buyer } = await bookedOrder(logistics)
    const frames = await follow(shipmentId, buyer)
    await scan(logistics, { trackingNumber, status: 'allocated', minute: 1 })
    await logistics.settle()
    expect(await take(frames)).toMatchObject({
      status: 'ALLOCATED',
      event: { status: 'ALLOCATED' },
      shipment: { status: 'ALLOCATED', trackingNumber },
    })
    await scan(logistics, { trackingNumber, status: 'picked', minute: 2 })
    await scan(logistics, { trackingNumber, status: 'dropping_off', minute: 3 })
    await logistics.settle()
    expect([await take(frames), await take(frames)]).toMatchObject([{ status: 'PICKED' }, { status: 'DROPPING_OFF' }])
    await frames.return!()
  })

  it('goes on behind a cursor without gap or duplicate', async () => {
    const { shipmentId, trackingNumber, seller } = await bookedOrder(logistics)
    const first = await follow(shipmentId, seller)
    await scan(logistics, { trackingNumber, status: 'allocated', minute: 1 })
    await logistics.settle()
    const { cursor } = await take(first)
    await first.return!()
    await scan(logistics, { trackingNumber, status: 'delivered', minute: 2 })
    await logistics.settle()
    const again = await follow(shipmentId, seller, cursor)
    const missed = [await take(again), await take(again)]
    expect(missed.map(({ status }) => status)).toEqual(['PICKED', 'DELIVERED'])
    expect(missed.map(({ event }) => event?.status)).toEqual(['PICKED', 'DELIVERED'])
    await again.return!()
  })

  it('is for those whom the parcel concerns', async () => {
    const { shipmentId } = await bookedOrder(logistics)
    const frames = await follow(shipmentId, accountForTest())
    expect(await frames.next()).toMatchObject({ value: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } })
  })

  it.each([
    ['id', 'Tidak ada pengiriman seperti itu di antara milik Anda'],
    ['en', 'There is no such shipment among yours'],
  ] as const)('is refused in %s', async (locale, message) => {
    const { shipmentId } = await bookedOrder(logistics)
    const frames = await logistics.subscribe({ query, variables: { id: shipmentId }, as: accountForTest(), locale })
    expect(await frames.next()).toMatchObject({ value: { errors: [{ message, extensions: { code: 'FORBIDDEN' } }] } })
  })

  it('answers a cursor that is none with the field', async () => {
    const { shipmentId, buyer } = await bookedOrder(logistics)
    const frames = await follow(shipmentId, buyer, 'nonsense')
    expect(await frames.next()).toMatchObject({ value: { errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'after' } }] } })
  })
})
