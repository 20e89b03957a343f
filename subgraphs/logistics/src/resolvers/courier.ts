import { rupiah } from '@pasar/shared/money'
import type { LogisticsContext } from '../context.ts'
import { offers, quote, type CartGroupReference, type Journey, type Offer, type Service } from '../domain/rates.ts'
import type {
  CartGroupResolvers,
  CourierResolvers,
  CourierServiceResolvers,
  ShippingOptionResolvers,
} from '../generated/resolvers.ts'
import type { CourierRow } from '../store/couriers.ts'

const serviceById = async ({ loaders }: LogisticsContext, id: string): Promise<Service | null> =>
  (await loaders.services()).find((service) => service.id === id) ?? null

async function courierById({ id }: { readonly id: string }, { loaders }: LogisticsContext): Promise<CourierRow | null> {
  const service = (await loaders.services()).find(({ courierId }) => courierId === id)
  return service ? { id, name: service.courierName } : null
}

export const courierFields = {
  __resolveReference: courierById,
  services: async ({ id }, _, { loaders }) => (await loaders.services()).filter(({ courierId }) => courierId === id),
} satisfies CourierResolvers

export const courierServiceFields = {
  __resolveReference: ({ id }, ctx) => serviceById(ctx, id),
  courier: ({ courierId, courierName }) => ({ id: courierId, name: courierName }),
} satisfies CourierServiceResolvers

export const shippingOptionFields = {
  courierService: async ({ serviceId }, _, ctx) => (await serviceById(ctx, serviceId))!,
  cost: ({ cost }) => rupiah(cost),
} satisfies ShippingOptionResolvers

function journeyOf({ originRegencyCode, weightGrams, volumeCubicCm, destination }: CartGroupReference): Journey | undefined {
  const destinationRegencyCode = destination?.regencyCode
  if (originRegencyCode == null || destinationRegencyCode == null) return undefined
  return { originRegencyCode, destinationRegencyCode, weightGrams: weightGrams ?? 0, volumeCubicCm: volumeCubicCm ?? 0 }
}

async function shippingOptions(group: CartGroupReference, { loaders }: LogisticsContext): Promise<readonly Offer[]> {
  const journey = journeyOf(group)
  return journey ? offers(await loaders.services(), journey) : []
}

async function shippingCost(group: CartGroupReference, ctx: LogisticsContext) {
  const journey = journeyOf(group)
  if (!journey || group.courierServiceId == null) return null
  const service = await serviceById(ctx, group.courierServiceId)
  const offer = service && quote(service, journey)
  return offer instanceof Object ? rupiah(offer.cost) : null
}

export const cartGroupFields = {
  shippingOptions: (group, _, ctx) => shippingOptions(group, ctx),
  shippingCost: (group, _, ctx) => shippingCost(group, ctx),
} satisfies CartGroupResolvers
