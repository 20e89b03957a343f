import { rupiah } from '@pasar/shared/money'
import { findRegency } from '@pasar/shared/regions'
import { isOfShop, maySeeShipment } from '../access.ts'
import { isStaff } from '@pasar/shared/identity/viewer'
import type { LogisticsContext } from '../context.ts'
import { rateBetween, type Rate } from '../domain/rates.ts'
import type { OrderResolvers, ShipmentResolvers, ShipmentUpdateResolvers } from '../generated/resolvers.ts'
import { findHistory } from '../queries.ts'
import type { ShipmentRow } from '../store/shipments.ts'

async function resolveShipment({ id }: { readonly id: string }, ctx: LogisticsContext): Promise<ShipmentRow | null> {
  const shipment = await ctx.loaders.shipment.load(id)
  return shipment && (await maySeeShipment(ctx, shipment)) ? shipment : null
}

const regionOf = (regencyCode: string) => ({ regencyCode, name: findRegency(regencyCode)?.name ?? null })

const serviceOf = async ({ courierServiceId }: ShipmentRow, { loaders }: LogisticsContext) =>
  (await loaders.services()).find(({ id }) => id === courierServiceId)

async function rateOf(shipment: ShipmentRow, ctx: LogisticsContext): Promise<Rate | undefined> {
  const service = await serviceOf(shipment, ctx)
  return service && rateBetween(service, shipment.originRegencyCode, shipment.destinationRegencyCode)
}

export const shipmentFields = {
  __resolveReference: resolveShipment,
  order: ({ orderId }) => ({ __typename: 'Order', id: orderId }),
  shop: ({ shopId }) => ({ __typename: 'Shop', id: shopId }),
  courierService: async (shipment, _, ctx) => (await serviceOf(shipment, ctx))!,
  etdDaysMin: async (shipment, _, ctx) => (await rateOf(shipment, ctx))?.daysMin ?? null,
  etdDaysMax: async (shipment, _, ctx) => (await rateOf(shipment, ctx))?.daysMax ?? null,
  origin: ({ originRegencyCode }) => regionOf(originRegencyCode),
  destination: ({ destinationRegencyCode }) => regionOf(destinationRegencyCode),
  shippingCost: ({ shippingCost }) => rupiah(shippingCost),
  courierClaim: async (shipment, _, { loaders, viewer }) => {
    const claim = isOfShop(viewer, shipment) || isStaff(viewer) ? await loaders.claim.load(shipment.id) : null
    return claim && { amount: rupiah(claim.amount), notedAt: claim.notedAt }
  },
  events: ({ id }, args, ctx) => findHistory(ctx, id, args),
} satisfies ShipmentResolvers

export const orderFields = {
  shipments: async ({ id }, _, ctx) => {
    const shipments = await ctx.loaders.shipmentsOfOrder.load(id)
    const seen = await Promise.all(shipments.map((shipment) => maySeeShipment(ctx, shipment)))
    return shipments.filter((_shipment, index) => seen[index])
  },
} satisfies OrderResolvers

export const updateFields = {
  event: ({ trackingEventId }, _, { loaders }) => (trackingEventId === null ? null : loaders.tracking.load(trackingEventId)),
  shipment: async ({ shipmentId }, _, { loaders }) => (await loaders.shipment.load(shipmentId))!,
} satisfies ShipmentUpdateResolvers
