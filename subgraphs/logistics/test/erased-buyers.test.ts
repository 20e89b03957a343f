import { newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bookedOrder, scan, startLogistics } from './logistics-for-test.ts'

let logistics: Awaited<ReturnType<typeof startLogistics>>
let database: ReturnType<typeof openPostgres>
beforeAll(async () => {
  logistics = await startLogistics()
  database = openPostgres({ url: logistics.databaseUrl })
})
afterAll(async () => {
  await database.stop()
  await logistics.stop()
})

const place = (name: string) => ({
  name,
  phone: '+6281298765432',
  street: `Jalan ${name} 1`,
  districtCode: '32.73.05',
  regencyCode: '32.73',
  postalCode: '40111',
})

/** A parcel that was brought, and came back from the same buyer. */
async function thereAndBack() {
  const order = await bookedOrder(logistics)
  const { orderId, shopId, buyer, event, cancelled, trackingNumber } = order
  await scan(logistics, { trackingNumber, status: 'delivered', location: 'Diterima Kenari' })
  const { checkoutId } = cancelled.payload
  const ref = { orderId, checkoutId, buyerId: buyer.accountId, shopId }
  const ends = { origin: place('Kenari'), destination: place('Gudang') }
  const returned = { ...event.payload, ...ref, ...ends, returnId: newId('return') }
  await logistics.deliver('orders', { type: 'ReturnApproved', payload: returned })
  await logistics.settle()
  return { ...order, ref }
}

const rowsOf = async (table: string, orderId: string) => {
  const { rows } = await database.pool.query<{ row: string }>(
    `SELECT t::text AS row FROM ${table} t WHERE ${table === 'shipment' ? 'order_id' : '(SELECT order_id FROM shipment WHERE id = shipment_id)'} = $1`,
    [orderId],
  )
  return rows.map(({ row }) => row).join('\n')
}

describe('the parcels of an erased buyer', () => {
  it('know on both ways only from which district to which they go; the seller’s place stays', async () => {
    const { orderId, ref, read, trackingNumber } = await thereAndBack()
    expect(await rowsOf('shipment', orderId)).toContain('Jalan Kenari 1')
    expect((await read()).events.edges.map(({ node }) => node.location)).toContain('Diterima Kenari')
    await logistics.deliver('orders', { type: 'BuyerErased', payload: ref })
    const shipments = await rowsOf('shipment', orderId)
    // The first parcel went to Sri's place, and left from one that looks the same; the second goes to the shop's.
    expect(shipments).not.toContain('Kenari')
    expect(shipments.match(/Jl\. Melati 3/g)).toHaveLength(1)
    expect(shipments).toContain('Jalan Gudang 1')
    expect(shipments).toContain('32.73.05')
    await scan(logistics, { trackingNumber, status: 'delivered', eventId: 'once more', location: 'Diterima Kenari' })
    expect(await rowsOf('tracking_event', orderId)).not.toContain('Kenari')
    expect((await read()).status).toBe('DELIVERED')
  })

  it('know nothing either of what their courier says while they forget', async () => {
    const { orderId, ref, trackingNumber } = await thereAndBack()
    const holder = await database.pool.connect()
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    const areWaiting = (count: number) =>
      vi.waitFor(async () => expect((await database.pool.query(waiting)).rows).toHaveLength(count), 10_000)
    await holder.query('BEGIN')
    await holder.query('SELECT 1 FROM shipment WHERE order_id = $1 FOR UPDATE', [orderId])
    const told = scan(logistics, { trackingNumber, status: 'delivered', eventId: 'meanwhile', location: 'Diterima Kenari' })
    await areWaiting(1)
    const erasing = logistics.deliver('orders', { type: 'BuyerErased', payload: ref })
    await areWaiting(2)
    await holder.query('COMMIT')
    holder.release()
    await Promise.all([told, erasing])
    const words = await rowsOf('tracking_event', orderId)
    expect(words).toContain('meanwhile')
    expect(words).not.toContain('Kenari')
  })

  it('lose no other word of the courier', async () => {
    const { orderId } = await thereAndBack()
    for (const change of [`note = 'lain'`, `location = 'Medan'`, `status = 'LOST', note = NULL`])
      await expect(
        database.pool.query(
          `UPDATE tracking_event SET ${change} WHERE shipment_id IN (SELECT id FROM shipment WHERE order_id = $1)`,
          [orderId],
        ),
      ).rejects.toThrow('only ever added')
    expect(await rowsOf('tracking_event', orderId)).toContain('Diterima Kenari')
  })
})
