import type { Parcel } from '@pasar/shared/parcel'

/** How a service turns grams into the kilograms that it charges. */
export interface WeightRule {
  readonly rounding: 'CEIL' | 'JNE'
  readonly minChargeableKg: number
  readonly volumetricDivisor: number
}

const rounders: Readonly<Record<WeightRule['rounding'], (grams: number) => number>> = {
  CEIL: (grams) => Math.ceil(grams / 1000),
  /** Up to 300 g beyond a kilogram are free. */
  JNE: (grams) => Math.ceil((grams - 300) / 1000),
}

/** The greater of actual and volumetric weight, in grams. */
export const chargeableGrams = ({ weightGrams, volumeCubicCm }: Parcel, volumetricDivisor: number): number =>
  Math.max(weightGrams, Math.ceil((volumeCubicCm * 1000) / volumetricDivisor))

export const chargeableKg = (parcel: Parcel, { rounding, minChargeableKg, volumetricDivisor }: WeightRule): number =>
  Math.max(minChargeableKg, rounders[rounding](chargeableGrams(parcel, volumetricDivisor)))
