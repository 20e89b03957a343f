import { command, streamed, type Complete } from '@pasar/shared/subgraph/resolvers'
import { logisticsQuote } from './commands/logistics-quote.ts'
import { requestPickup } from './commands/request-pickup.ts'
import type {
  MutationResolvers,
  QueryResolvers,
  RequestPickupSuccessResolvers,
  Resolvers,
  ResolversParentTypes,
  SubscriptionResolvers,
} from './generated/resolvers.ts'
import { findCouriers, findShipment, shippingRates } from './queries.ts'
import { cartGroupFields, courierFields, courierServiceFields, shippingOptionFields } from './resolvers/courier.ts'
import { orderFields, shipmentFields, updateFields } from './resolvers/shipment.ts'
import { followShipment } from './subscriptions.ts'

const queries = {
  couriers: (_, args, ctx) => findCouriers(ctx, args),
  shippingRates: (_, { input }, ctx) => shippingRates(ctx, input),
  shipment: (_, args, ctx) => findShipment(ctx, args),
} satisfies QueryResolvers

const mutations = {
  requestPickup: command(requestPickup),
  logisticsQuote: command(logisticsQuote),
} satisfies MutationResolvers

const pickedUpFields = {
  shipment: async ({ shipmentId }, _, { loaders }) => (await loaders.shipment.load(shipmentId))!,
} satisfies RequestPickupSuccessResolvers

export const resolvers = {
  Query: queries,
  Mutation: mutations,
  Subscription: { shipmentTracked: streamed(followShipment) } satisfies SubscriptionResolvers,
  Courier: courierFields,
  CourierService: courierServiceFields,
  ShippingOption: shippingOptionFields,
  CartGroup: cartGroupFields,
  Order: orderFields,
  Shipment: shipmentFields,
  ShipmentUpdate: updateFields,
  RequestPickupSuccess: pickedUpFields,
} satisfies Complete<Resolvers, ResolversParentTypes>
