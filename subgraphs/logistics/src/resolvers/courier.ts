import { rupiah } from '@pasar/shared/money'
import type { LogisticsContext } from '../context.ts'
import { offers, quote, type Journey, type Offer, type Service } from '../domain/rates.ts'
import type { CourierRow } from '../store/couriers.ts'

const serviceById = async ({ loaders }: LogisticsContext, id: string): Promise<Service | null> =>
  (await loaders.services()).find((service) => service.id === id) ?? null

async function courierById({ id }: { readonly id: string }, { loaders }: LogisticsContext): Promise<CourierRow | null> {
  const service = (await loaders.services()).find(({ courierId }) => courierId === id)
  return service ? { id, name: service.courierName } : null
}

export const courierFields = {
  __resolveReference: courierById,
  services: async ({ id }: CourierRow, _: unknown, { loaders }: LogisticsContext) =>
    (await loaders.services()).filter(({ courierId }) => courierId === id),
}

export const courierServiceFields = {
  __resolveReference: ({ id }: { readonly id: string }, ctx: LogisticsContext) => serviceById(ctx, id),
  courier: ({ courierId, courierName }: Service) => ({ id: courierId, name: courierName }),
}

export const shippingOptionFields = {
  courierService: ({ serviceId }: Offer, _: unknown, ctx: LogisticsContext) => serviceById(ctx, serviceId),
  cost: ({ cost }: Offer) => rupiah(cost),
}

/** What the router brings along of a cart's group. */
interface CartGroupReference {
  readonly id: string
  readonly originRegencyCode?: string | null
  readonly weightGrams?: number
  readonly volumeCubicCm?: number
  readonly courierServiceId?: string | null
  readonly destination?: { readonly regencyCode?: string } | null
}

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
  __resolveReference: (group: CartGroupReference) => group,
  shippingOptions: (group: CartGroupReference, _: unknown, ctx: LogisticsContext) => shippingOptions(group, ctx),
  shippingCost: (group: CartGroupReference, _: unknown, ctx: LogisticsContext) => shippingCost(group, ctx),
}
