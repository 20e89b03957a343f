import type { EventOf, PasarEvent } from '@pasar/schema/events'
import { idParser } from '@pasar/shared/ids'
import { mapValues } from '@pasar/shared/flow/iterators'
import { followEvents, liveCursor, parseLiveCursor } from '@pasar/shared/events/live'
import type { Texts } from '@pasar/shared/locale'
import { Forbidden } from '@pasar/shared/problems'
import type { LogisticsContext } from './context.ts'
import type { ShipmentFrame } from './domain/shipment.ts'
import type { SubscriptionShipmentTrackedArgs } from './generated/resolvers.ts'
import { findShipment } from './queries.ts'

type Followed = EventOf<'ShipmentBooked'> | EventOf<'ShipmentMoved'>

const isFollowed = (event: PasarEvent): event is Followed => event.type === 'ShipmentBooked' || event.type === 'ShipmentMoved'

const parseShipmentId = idParser('shipment')

const notYours: Texts = {
  id: 'Tidak ada pengiriman seperti itu di antara milik Anda',
  en: 'There is no such shipment among yours',
}

export async function followShipment(
  ctx: LogisticsContext,
  { shipmentId, after }: SubscriptionShipmentTrackedArgs,
): Promise<AsyncIterableIterator<ShipmentFrame>> {
  const key = parseShipmentId(shipmentId, 'shipmentId')
  const from = parseLiveCursor(after)
  // What is not the viewer's is answered like what does not exist.
  if (!(await findShipment(ctx, { id: key }))) throw new Forbidden(notYours)
  const source = { domain: 'logistics', db: ctx.db, bus: ctx.bus } as const
  return mapValues(await followEvents(source, { key, after: from, accept: isFollowed }), (event) => frameOf(event as Followed))
}

const frameOf = (event: Followed): ShipmentFrame => ({
  cursor: liveCursor(event),
  occurredAt: event.occurredAt,
  status: event.type === 'ShipmentMoved' ? event.payload.status : 'CONFIRMED',
  trackingEventId: event.type === 'ShipmentMoved' ? event.payload.trackingEventId : null,
  shipmentId: event.payload.shipmentId,
})
