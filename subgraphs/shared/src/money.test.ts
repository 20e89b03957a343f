import { describe, expect, it } from 'vitest'
import { allocate, formatMoney, fraction, minorMax, minorUnits, rupiah } from './money.ts'

describe('money', () => {
  it('never loses a rupiah when an amount is split', () => {
    expect(allocate(minorUnits(1000), [1n, 1n, 1n])).toEqual([334n, 333n, 333n])
    expect(allocate(minorUnits(100), [1n, 2n, 4n])).toEqual([14n, 29n, 57n])
    expect(allocate(minorUnits(-1000), [1n, 1n, 1n])).toEqual([-334n, -333n, -333n])
    expect(allocate(minorUnits(5), [0n, 1n])).toEqual([0n, 5n])
  })

  it('sums to the whole for every split of a hundred amounts', () => {
    for (let total = 0; total < 100; total++) {
      const parts = allocate(minorUnits(total), [3n, 7n, 11n, 1n])
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(BigInt(total))
    }
  })

  it('refuses fractions and amounts beyond 2^53 - 1', () => {
    expect(() => minorUnits(0.5)).toThrow('whole number')
    expect(() => minorUnits(minorMax + 1n)).toThrow('whole number')
    expect(minorUnits(minorMax)).toBe(minorMax)
  })

  it('rounds a fraction half up, once', () => {
    expect(fraction(minorUnits(53_500), 11n, 100n)).toBe(5885n)
    expect(fraction(minorUnits(1), 1n, 2n)).toBe(1n)
    expect(fraction(minorUnits(1), 1n, 3n)).toBe(0n)
    expect(fraction(minorUnits(-1), 2n, 3n)).toBe(-1n)
  })

  it('is written as Indonesians write it', () => {
    expect(formatMoney(rupiah(1_234_567))).toBe('Rp1.234.567')
    expect(formatMoney(rupiah(0))).toBe('Rp0')
  })
})
