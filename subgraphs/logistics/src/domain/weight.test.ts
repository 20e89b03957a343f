import { describe, expect, it } from 'vitest'
import { chargeableGrams, chargeableKg, type WeightRule } from './weight.ts'

const jne: WeightRule = { rounding: 'JNE', minChargeableKg: 1, volumetricDivisor: 6000 }
const others: WeightRule = { ...jne, rounding: 'CEIL' }
const trucking: WeightRule = { rounding: 'JNE', minChargeableKg: 10, volumetricDivisor: 4000 }
const grams = (weightGrams: number) => ({ weightGrams, volumeCubicCm: 0 })

describe('the weight that is charged', () => {
  it.each([
    [1, 1],
    [1300, 1],
    [1301, 2],
    [1310, 2],
    [2300, 2],
    [2301, 3],
    [2310, 3],
  ])('of %i g is %i kg at JNE, which gives 300 g for free', (weight, kg) => expect(chargeableKg(grams(weight), jne)).toBe(kg))

  it.each([
    [1, 1],
    [1000, 1],
    [1001, 2],
    [2300, 3],
  ])('of %i g is %i kg elsewhere', (weight, kg) => expect(chargeableKg(grams(weight), others)).toBe(kg))

  it.each([
    [1, 10],
    [10_300, 10],
    [10_301, 11],
  ])('of %i g is %i kg by truck', (weight, kg) => expect(chargeableKg(grams(weight), trucking)).toBe(kg))

  it('is the volume where that is more: 40 × 30 × 20 cm count as 4 kg', () => {
    const volumeCubicCm = 24_000
    expect(chargeableGrams({ weightGrams: 900, volumeCubicCm }, 6000)).toBe(4000)
    expect(chargeableKg({ weightGrams: 900, volumeCubicCm }, others)).toBe(4)
    expect(chargeableKg({ weightGrams: 4500, volumeCubicCm }, others)).toBe(5)
  })
})
