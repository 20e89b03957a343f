import type { Client } from './client.ts'
import { expectThat } from './deviation.ts'
import { fromTheStart, type Stream } from './live.ts'
import { acceptOrder, requestPickup, shipmentTracked, type ParcelFrame } from './order-operations.ts'
import type { WatchedOrder } from './purchase.ts'
import type { Seller } from './sellers.ts'
import type { Stage } from './stage.ts'

/** More scans than any parcel has stations. */
const scansMax = 12

/** A parcel on its way. */
export interface Parcel {
  readonly shipmentId: string
  readonly trackingNumber: string
  readonly scans: Stream<ParcelFrame>
}

/** The seller sees the paid order come in, accepts it, and the courier's booking gives it a number, which the buyer follows. */
export async function acceptIncoming(stage: Stage, seller: Seller, { order, buyer }: { order: WatchedOrder; buyer: Client }) {
  const paid = await seller.incoming.waitFor(
    `the paid order ${order.id} at ${seller.shopName}`,
    (frame) => frame.order.id === order.id && frame.event === 'PAID',
  )
  const input = { orderId: order.id, expectedVersion: paid.order.version, idempotencyKey: stage.fresh() }
  await seller.client.ask(acceptOrder, { input })
  const booked = await order.updates.waitFor(`a courier for order ${order.id}`, ({ event }) => event === 'READY_TO_SHIP')
  const [shipment] = booked.order.shipments
  expectThat(shipment?.trackingNumber != null, `Order ${order.id} is ready to ship, but its parcel has no number`)
  return followParcel(stage, buyer, { shipmentId: shipment.id, trackingNumber: shipment.trackingNumber })
}

const followParcel = ({ live }: Stage, client: Client, parcel: Omit<Parcel, 'scans'>): Parcel => ({
  ...parcel,
  scans: live.follow({
    client,
    operation: shipmentTracked,
    variables: { shipmentId: parcel.shipmentId, after: fromTheStart },
    tell: ({ status }) => `the buyer sees: parcel ${parcel.trackingNumber} ${status}`,
  }),
})

/** The seller hands the parcel over. */
export async function handOver({ fresh }: Stage, { client }: Seller, { shipmentId }: Parcel): Promise<void> {
  await client.ask(requestPickup, { input: { shipmentId, idempotencyKey: fresh() } })
}

/** The courier scans the parcel at each station, and each scan is on the buyer's screen before the next. */
export async function deliver({ simulators }: Stage, { trackingNumber, scans }: Parcel): Promise<void> {
  let arrived = false
  for (let scan = 0; scan < scansMax && !arrived; scan += 1) {
    const scanned = await simulators.advance(trackingNumber)
    await scans.waitFor(`the scan ${scanned} of parcel ${trackingNumber}`, ({ status }) => status === scanned)
    arrived = scanned === 'DELIVERED'
  }
  expectThat(arrived, `Parcel ${trackingNumber} was scanned ${scansMax} times and has not arrived`)
}
