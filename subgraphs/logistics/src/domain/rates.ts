import { minorUnits, type Minor } from '@pasar/shared/money'
import { parcelFigureMax, type Parcel } from '@pasar/shared/parcel'
import { findRegency } from '@pasar/shared/regions'
import { chargeableKg, type WeightRule } from './weight.ts'
import { zoneOf, type Zone } from './zones.ts'

/** What a service asks within one zone. */
export interface Rate {
  readonly zone: Zone
  readonly base: Minor
  readonly perKg: Minor
  readonly daysMin: number
  readonly daysMax: number
}

/** A courier's service with everything that its price depends on. */
export interface Service extends WeightRule {
  readonly id: string
  readonly courierId: string
  readonly courierName: string
  readonly name: string
  readonly speed: 'INSTANT' | 'NEXT_DAY' | 'REGULAR' | 'ECONOMY' | 'CARGO'
  readonly withinRegencyOnly: boolean
  readonly maxWeightGrams: number | null
  readonly rates: readonly Rate[]
}

/** A parcel and its way. */
export interface Journey extends Parcel {
  readonly originRegencyCode: string
  readonly destinationRegencyCode: string
}

/** What the router brings along of a cart's group. */
export interface CartGroupReference {
  readonly id: string
  readonly originRegencyCode?: string | null | undefined
  readonly weightGrams?: number
  readonly volumeCubicCm?: number
  readonly courierServiceId?: string | null | undefined
  readonly destination?: { readonly regencyCode?: string } | null | undefined
}

/** What one service asks for a parcel. */
export interface Offer {
  readonly serviceId: string
  readonly cost: Minor
  readonly chargeableKg: number
  readonly etdDaysMin: number
  readonly etdDaysMax: number
}

/** Why a service does not bring a parcel. */
export type NoOffer = 'UNKNOWN_REGION' | 'NOT_OFFERED' | 'TOO_HEAVY'

/** What a service asks, and how long it takes, from one regency to another; undefined where it does not go. */
export const rateBetween = ({ rates }: Service, originRegencyCode: string, destinationRegencyCode: string): Rate | undefined =>
  rates.find(({ zone }) => zone === zoneOf(originRegencyCode, destinationRegencyCode))

/** A service's price for a parcel, or why it has none. */
export function quote(service: Service, journey: Journey): Offer | NoOffer {
  const { originRegencyCode, destinationRegencyCode, weightGrams, volumeCubicCm } = journey
  if (!findRegency(originRegencyCode) || !findRegency(destinationRegencyCode)) return 'UNKNOWN_REGION'
  const rate = rateBetween(service, originRegencyCode, destinationRegencyCode)
  if (!rate || (service.withinRegencyOnly && rate.zone !== 'REGENCY') || weightGrams <= 0) return 'NOT_OFFERED'
  if (Math.max(weightGrams, volumeCubicCm) >= parcelFigureMax) return 'TOO_HEAVY'
  if (service.maxWeightGrams !== null && weightGrams > service.maxWeightGrams) return 'TOO_HEAVY'
  const kilograms = chargeableKg(journey, service)
  return {
    serviceId: service.id,
    cost: minorUnits(rate.base + rate.perKg * BigInt(kilograms)),
    chargeableKg: kilograms,
    etdDaysMin: rate.daysMin,
    etdDaysMax: rate.daysMax,
  }
}

const isOffer = (offer: Offer | NoOffer): offer is Offer => typeof offer !== 'string'

/** What all services ask, cheapest first, the quicker of two equals first. */
export const offers = (services: readonly Service[], journey: Journey): readonly Offer[] =>
  services
    .map((service) => quote(service, journey))
    .filter(isOffer)
    .toSorted((a, b) => Number(a.cost - b.cost) || a.etdDaysMax - b.etdDaysMax || (a.serviceId < b.serviceId ? -1 : 1))
