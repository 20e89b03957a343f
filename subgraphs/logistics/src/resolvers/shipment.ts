import { rupiah } from '@pasar/shared/money'
import type { PageArguments } from '@pasar/shared/page'
import { findRegency } from '@pasar/shared/regions'
import { isOfShop, maySee } from '../access.ts'
import { isStaff } from '@pasar/shared/viewer'
import type { LogisticsContext } from '../context.ts'
import { findHistory } from '../queries.ts'
import type { ShipmentRow } from '../store/shipments.ts'
import type { ShipmentUpdate } from '../subscriptions.ts'

async function resolveShipment({ id }: { readonly id: string }, ctx: LogisticsContext): Promise<ShipmentRow | null> {
  const shipment = await ctx.loaders.shipment.load(id)
  return shipment && (await maySee(ctx, shipment)) ? shipment : null
}

const regionOf = (regencyCode: string) => ({ regencyCode, name: findRegency(regencyCode)?.name ?? null })

export const shipmentFields = {
  __resolveReference: resolveShipment,
  order: ({ orderId }: ShipmentRow) => ({ __typename: 'Order', id: orderId }),
  shop: ({ shopId }: ShipmentRow) => ({ __typename: 'Shop', id: shopId }),
  courierService: async ({ courierServiceId }: ShipmentRow, _: unknown, { loaders }: LogisticsContext) =>
    (await loaders.services()).find(({ id }) => id === courierServiceId),
  origin: ({ originRegencyCode }: ShipmentRow) => regionOf(originRegencyCode),
  destination: ({ destinationRegencyCode }: ShipmentRow) => regionOf(destinationRegencyCode),
  shippingCost: ({ shippingCost }: ShipmentRow) => rupiah(shippingCost),
  courierClaim: async (shipment: ShipmentRow, _: unknown, { loaders, viewer }: LogisticsContext) => {
    const claim = isOfShop(viewer, shipment) || isStaff(viewer) ? await loaders.claim.load(shipment.id) : null
    return claim && { amount: rupiah(claim.amount), notedAt: claim.notedAt }
  },
  events: ({ id }: ShipmentRow, args: PageArguments, ctx: LogisticsContext) => findHistory(ctx, id, args),
}

export const orderFields = {
  __resolveReference: (order: { readonly id: string }) => order,
  shipments: async ({ id }: { readonly id: string }, _: unknown, ctx: LogisticsContext) => {
    const shipments = await ctx.loaders.shipmentsOfOrder.load(id)
    const seen = await Promise.all(shipments.map((shipment) => maySee(ctx, shipment)))
    return shipments.filter((_shipment, index) => seen[index])
  },
}

export const updateFields = {
  event: ({ trackingEventId }: ShipmentUpdate, _: unknown, { loaders }: LogisticsContext) =>
    trackingEventId === null ? null : loaders.tracking.load(trackingEventId),
  shipment: ({ shipmentId }: ShipmentUpdate, _: unknown, { loaders }: LogisticsContext) => loaders.shipment.load(shipmentId),
}
