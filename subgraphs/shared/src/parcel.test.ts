import { expect, it } from 'vitest'
import { parcelFigureMax, parcelOf } from './parcel.ts'

const soap = { quantity: 13, weightGrams: 70, lengthMm: 71, widthMm: 65, heightMm: 100 }

it('rounds the volume of a parcel up once, not that of each of its pieces', () => {
  expect(parcelOf([soap])).toEqual({ weightGrams: 910, volumeCubicCm: 6_000 })
  expect(parcelOf([soap, { ...soap, quantity: 1 }])).toEqual({ weightGrams: 980, volumeCubicCm: 6_461 })
  expect(parcelOf([{ quantity: 1, weightGrams: 1, lengthMm: 1, widthMm: 1, heightMm: 1 }]).volumeCubicCm).toBe(1)
  expect(parcelOf([])).toEqual({ weightGrams: 0, volumeCubicCm: 0 })
})

it('never has figures that GraphQL cannot say', () => {
  const container = { quantity: 999, weightGrams: 1_000_000, lengthMm: 10_000, widthMm: 10_000, heightMm: 10_000 }
  const parcel = parcelOf(Array.from({ length: 200 }, () => container))
  expect(parcel).toEqual({ weightGrams: parcelFigureMax, volumeCubicCm: parcelFigureMax })
})
