import { minorUnits, sum, type Minor } from '@pasar/shared/money'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apportion, paidFor, splitRefund, type CostPart } from './refund-split.ts'

/** A line with a discount that is not more than its price, and any tax. */
const part = fc
  .record({
    price: fc.bigInt({ min: 1n, max: 10_000_000n }),
    off: fc.nat({ max: 99 }),
    tax: fc.bigInt({ min: 0n, max: 1_000_000n }),
  })
  .map(({ price, off, tax }) => ({
    price: minorUnits(price),
    discount: minorUnits((price * BigInt(off)) / 100n),
    tax: minorUnits(tax),
  }))
const order = fc
  .array(part, { minLength: 1, maxLength: 8 })
  .map((parts): CostPart[] => parts.map((one, index) => ({ ...one, key: `part${index}` })))
/** An order, and how much of each rupiah left goes back at each step. */
const story = fc.record({ parts: order, shares: fc.array(fc.nat({ max: 100 }), { maxLength: 5 }) })

const whole = (parts: readonly CostPart[]): Minor => sum(parts.map(paidFor))

/** What is left of an order after a refund. */
const less = (parts: readonly CostPart[], back: ReturnType<typeof splitRefund>): CostPart[] =>
  parts.map((one) => {
    const gone = back.find(({ key }) => key === one.key)
    if (!gone) return one
    const left = (of: 'price' | 'discount' | 'tax') => minorUnits(one[of] - gone[of])
    return { key: one.key, price: left('price'), discount: left('discount'), tax: left('tax') }
  })

describe('a refund over lines, discount, shipping and tax', () => {
  it('loses and makes no rupiah, in whole and in each part', () => {
    fc.assert(
      fc.property(order, fc.nat({ max: 1_000 }), (parts, share) => {
        const amount = minorUnits((whole(parts) * BigInt(share)) / 1_000n)
        const back = splitRefund(amount, parts)
        expect(sum(back.map((one) => one.amount))).toBe(amount)
        for (const one of back) expect(paidFor(one)).toBe(one.amount)
      }),
    )
  })

  it('never gives back more of anything than was paid, and comes to the whole at last', () => {
    fc.assert(
      fc.property(story, ({ parts, shares }) => {
        let left: readonly CostPart[] = parts
        let back = 0n
        for (const share of [...shares, 100]) {
          const amount = minorUnits((whole(left) * BigInt(share)) / 100n)
          if (whole(left) === 0n) break
          const refund = splitRefund(amount, left)
          left = less(left, refund)
          back += sum(refund.map((one) => one.amount))
          for (const { price, discount, tax } of left) expect([price, discount, tax].every((rest) => rest >= 0n)).toBe(true)
        }
        expect(back).toBe(whole(parts))
        expect(left.every(({ price, discount, tax }) => price === 0n && discount === 0n && tax === 0n)).toBe(true)
      }),
    )
  })

  it('is within one rupiah of the exact share of each part', () => {
    fc.assert(
      fc.property(order, fc.nat({ max: 1_000 }), (parts, share) => {
        const total = whole(parts)
        const amount = minorUnits((total * BigInt(share)) / 1_000n)
        const back = new Map(splitRefund(amount, parts).map((one) => [one.key, one.amount]))
        for (const one of parts) {
          const off = (back.get(one.key) ?? 0n) * total - amount * paidFor(one)
          expect(off < total && -off < total).toBe(true)
        }
      }),
    )
  })

  it('of all that is left is exactly what is left, whatever its size', () => {
    fc.assert(
      fc.property(order, (parts) => {
        expect(splitRefund(whole(parts), parts).map(({ price, discount, tax }) => ({ price, discount, tax }))).toEqual(
          parts.filter((one) => paidFor(one) > 0n).map(({ price, discount, tax }) => ({ price, discount, tax })),
        )
      }),
    )
  })

  it('refuses more than was paid', () => {
    expect(() => apportion(minorUnits(11), [7n, 3n])).toThrow(RangeError)
    expect(() => apportion(minorUnits(-1), [7n, 3n])).toThrow(RangeError)
  })

  it('gives the odd rupiah to the largest remainder', () => {
    expect(apportion(minorUnits(100), [100n, 100n, 100n])).toEqual([34n, 33n, 33n])
    expect(apportion(minorUnits(10), [50n, -20n, 3n])).toEqual([15n, -6n, 1n])
  })
})
