import type { PageArguments } from '@pasar/shared/page'
import type { Resolvers } from '@pasar/shared/subgraph-schema'
import { logisticsQuote } from './commands/logistics-quote.ts'
import { requestPickup } from './commands/request-pickup.ts'
import type { LogisticsContext } from './context.ts'
import { findCouriers, findShipment, shippingRates } from './queries.ts'
import { cartGroupFields, courierFields, courierServiceFields, shippingOptionFields } from './resolvers/courier.ts'
import { orderFields, shipmentFields, updateFields } from './resolvers/shipment.ts'
import { followShipment } from './subscriptions.ts'

/** A root field whose function takes the arguments as they are. */
const withArguments =
  <A, R>(run: (ctx: LogisticsContext, args: A) => R) =>
  (_: unknown, args: A, ctx: LogisticsContext) =>
    run(ctx, args)

const withInput =
  <I, R>(run: (ctx: LogisticsContext, input: I) => R) =>
  (_: unknown, { input }: { input: I }, ctx: LogisticsContext) =>
    run(ctx, input)

export const resolvers: Resolvers = {
  Query: {
    couriers: withArguments<PageArguments, ReturnType<typeof findCouriers>>(findCouriers),
    shippingRates: withInput(shippingRates),
    shipment: withArguments(findShipment),
  },
  Mutation: { requestPickup: withInput(requestPickup), logisticsQuote: withInput(logisticsQuote) },
  Subscription: { shipmentTracked: { subscribe: withArguments(followShipment), resolve: (update: object) => update } },
  Courier: courierFields,
  CourierService: courierServiceFields,
  ShippingOption: shippingOptionFields,
  CartGroup: cartGroupFields,
  Order: orderFields,
  Shipment: shipmentFields,
  ShipmentUpdate: updateFields,
  RequestPickupSuccess: {
    shipment: ({ shipmentId }: { shipmentId: string }, _: unknown, { loaders }: LogisticsContext) =>
      loaders.shipment.load(shipmentId),
  },
}
