import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bookedOrder, movesOf, notify, scan, startLogistics } from './logistics-for-test.ts'

let logistics: Awaited<ReturnType<typeof startLogistics>>
beforeAll(async () => {
  logistics = await startLogistics()
})
afterAll(() => logistics.stop())

describe('a courier’s notification', () => {
  it('moves the parcel, keeps the scan and tells of it', async () => {
    const { trackingNumber, shipmentId, read } = await bookedOrder(logistics)
    const answer = await scan(logistics, { trackingNumber, status: 'picked', location: 'Gudang Cengkareng' })
    expect(answer).toEqual({ http: 200, outcome: 'APPLIED' })
    const shipment = await read()
    expect(shipment.status).toBe('PICKED')
    expect(shipment.events.edges.map(({ node }) => node)).toContainEqual(
      expect.objectContaining({ status: 'PICKED', location: 'Gudang Cengkareng' }),
    )
    expect(await movesOf(logistics, shipmentId)).toEqual(['PICKED'])
  })

  it('has one effect when it comes twice, also at the same time', async () => {
    const { trackingNumber, shipmentId, read } = await bookedOrder(logistics)
    const send = () => scan(logistics, { trackingNumber, status: 'picked', eventId: 'same' })
    const outcomes = await Promise.all([send(), send(), send(), send()])
    expect(outcomes.map(({ outcome }) => String(outcome)).toSorted()).toEqual(['APPLIED', 'DUPLICATE', 'DUPLICATE', 'DUPLICATE'])
    expect((await read()).events.edges).toHaveLength(2)
    expect(await movesOf(logistics, shipmentId)).toEqual(['PICKED'])
  })

  it('that comes late is history and moves nothing', async () => {
    const { trackingNumber, shipmentId, read } = await bookedOrder(logistics)
    await scan(logistics, { trackingNumber, status: 'picked', minute: 10 })
    await scan(logistics, { trackingNumber, status: 'dropping_off', minute: 30 })
    expect(await scan(logistics, { trackingNumber, status: 'on_hold', minute: 20 })).toMatchObject({ outcome: 'LATE' })
    const shipment = await read()
    expect(shipment.status).toBe('DROPPING_OFF')
    expect(shipment.events.edges.map(({ node }) => node.status)).toEqual(['PICKED', 'ON_HOLD', 'DROPPING_OFF', 'CONFIRMED'])
    expect(await movesOf(logistics, shipmentId)).toEqual(['PICKED', 'DROPPING_OFF'])
  })

  it.each([
    ['nothing', '', null],
    ['blanks', '  ', null],
    ['a number', 7, null],
    ['more than can be kept', `${'x'.repeat(500)}y`, 'x'.repeat(500)],
    ['what no text can hold', 'Diterima\0 satpam', 'Diterima satpam'],
  ])('moves the parcel also where it says %s beside that', async (_, said, kept) => {
    const { trackingNumber, shipmentId, read } = await bookedOrder(logistics)
    const told = { event_id: 'said', courier_waybill_id: trackingNumber, status: 'delivered', updated_at: '2026-11-18T05:00:00Z' }
    const answer = await notify(logistics, JSON.stringify({ ...told, note: said, location: said }))
    expect(answer).toEqual({ http: 200, outcome: 'APPLIED' })
    expect((await read()).events.edges.map(({ node }) => node)).toContainEqual(
      expect.objectContaining({ status: 'DELIVERED', note: kept, location: kept }),
    )
    expect(await movesOf(logistics, shipmentId)).toEqual(['PICKED', 'DELIVERED'])
  })

  it('of a delivery that a hub’s later clock has overtaken is its delivery all the same', async () => {
    const { trackingNumber, shipmentId, read } = await bookedOrder(logistics)
    await scan(logistics, { trackingNumber, status: 'dropping_off', minute: 5 })
    expect(await scan(logistics, { trackingNumber, status: 'delivered', minute: 4 })).toMatchObject({ outcome: 'APPLIED' })
    expect((await read()).status).toBe('DELIVERED')
    expect(await movesOf(logistics, shipmentId)).toEqual(['PICKED', 'DROPPING_OFF', 'DELIVERED'])
  })

  it.each([['picked'], ['dropping_off']])(
    'of a parcel in its hands (%s) is told of, once, also when it comes late',
    async (word) => {
      const { trackingNumber, shipmentId, read } = await bookedOrder(logistics)
      await scan(logistics, { trackingNumber, status: 'on_hold', minute: 5 })
      for (const minute of [1, 2])
        expect(await scan(logistics, { trackingNumber, status: word, minute })).toMatchObject({ outcome: 'LATE' })
      expect((await read()).status).toBe('ON_HOLD')
      expect(await movesOf(logistics, shipmentId)).toEqual(['ON_HOLD', 'PICKED'])
    },
  )

  it('of a delivery whose pickup was never told tells of both, once', async () => {
    const { trackingNumber, shipmentId, read } = await bookedOrder(logistics)
    await scan(logistics, { trackingNumber, status: 'delivered', minute: 30 })
    await scan(logistics, { trackingNumber, status: 'picked', minute: 10 })
    expect(await movesOf(logistics, shipmentId)).toEqual(['PICKED', 'DELIVERED'])
    const shipment = await read()
    expect(shipment.status).toBe('DELIVERED')
    expect(shipment.events.edges.map(({ node }) => node.status)).toEqual(['PICKED', 'DELIVERED', 'CONFIRMED'])
  })

  it('of an impossible move is acknowledged without effect', async () => {
    const { trackingNumber, shipmentId, read } = await bookedOrder(logistics)
    await scan(logistics, { trackingNumber, status: 'delivered', minute: 10 })
    expect(await scan(logistics, { trackingNumber, status: 'picking_up', minute: 20 })).toEqual({ http: 200, outcome: 'REFUSED' })
    const shipment = await read()
    expect(shipment.status).toBe('DELIVERED')
    expect(shipment.events.edges.map(({ node }) => node.status)).not.toContain('PICKING_UP')
    expect(await movesOf(logistics, shipmentId)).toEqual(['PICKED', 'DELIVERED'])
  })

  it('from a courier whose clock is ahead happens now', async () => {
    const { trackingNumber, read } = await bookedOrder(logistics)
    await scan(logistics, { trackingNumber, status: 'picked', minute: 500 })
    await scan(logistics, { trackingNumber, status: 'dropping_off', minute: 500 })
    expect((await read()).status).toBe('DROPPING_OFF')
  })

  it('of an unknown parcel is to be sent again', async () => {
    expect(await scan(logistics, { trackingNumber: 'NOBODY-1', status: 'picked' })).toEqual({ http: 404, outcome: 'UNKNOWN' })
  })

  it.each(['', 'abc', '0'.repeat(64)])('with the signature "%s" is turned away without effect', async (signature) => {
    const { trackingNumber, shipmentId, read } = await bookedOrder(logistics)
    const answer = await scan(logistics, { trackingNumber, status: 'delivered', signature })
    expect(answer).toMatchObject({ http: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    expect((await read()).status).toBe('CONFIRMED')
    expect(await movesOf(logistics, shipmentId)).toEqual([])
  })

  it.each([
    ['nonsense', 'body'],
    ['[]', 'body'],
    ['{}', 'status'],
    ['{"status":"teleported"}', 'status'],
    ['{"status":"constructor","updated_at":"2026-11-18T05:00:00Z","event_id":"7","courier_waybill_id":"JNE7"}', 'status'],
    ['{"status":"picked","updated_at":"yesterday"}', 'updated_at'],
    ['{"status":"picked","updated_at":"2026-11-18T05:00:00Z","event_id":7}', 'event_id'],
    [
      '{"status":"picked","updated_at":"2026-11-18T05:00:00Z","event_id":"7","courier_waybill_id":"JNE\\u00007"}',
      'courier_waybill_id',
    ],
  ])('that reads %s is answered with what was expected', async (body, field) => {
    expect(await notify(logistics, body)).toMatchObject({
      http: 400,
      errors: [{ extensions: { code: 'BAD_USER_INPUT', field } }],
    })
  })
})
