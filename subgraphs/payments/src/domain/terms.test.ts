import { minorUnits, sum } from '@pasar/shared/money'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deduct, splitFee, termsOfRest, type Terms } from './terms.ts'

const terms = (rest: Partial<Terms> = {}): Terms => ({
  commission: [{ categoryId: null, amount: minorUnits(1), basisPoints: 400 }],
  paymentFee: minorUnits(0),
  incomeTaxExempt: true,
  vatRegistered: false,
  ...rest,
})

describe('what a seller is charged', () => {
  it('is PPN of 12 % on 11/12 of commission and fee, each rounded once', () => {
    // 11 % of 5 and of 14 are 0.55 and 1.54.
    expect(deduct(minorUnits(125), terms({ paymentFee: minorUnits(14) })).vat).toBe(1n + 2n)
  })
  it('is PPh 22 of half a per cent of the turnover, which contains no PPN', () => {
    expect(deduct(minorUnits(111_000), terms({ incomeTaxExempt: false })).incomeTax).toBe(555n)
    expect(deduct(minorUnits(111_000), terms({ incomeTaxExempt: false, vatRegistered: true })).incomeTax).toBe(500n)
  })
  it('is no PPh 22 for who has stated to earn too little for it', () => {
    expect(deduct(minorUnits(1_000_000), terms()).incomeTax).toBe(0n)
  })
  it('follows the rule of each category', () => {
    const commission = [
      { categoryId: 'cat_a', amount: minorUnits(60_000), basisPoints: 1000 },
      { categoryId: 'cat_b', amount: minorUnits(40_000), basisPoints: 250 },
    ]
    expect(deduct(minorUnits(100_000), terms({ commission })).commission).toBe(7_000n)
    // Half of it went back, and of what is not known: what is left is shared as before.
    expect(deduct(minorUnits(50_000), terms({ commission })).commission).toBe(3_500n)
    // The goods of one category went back: what is left is all of the other.
    const left = termsOfRest(terms({ commission }), [{ categoryId: 'cat_a', amount: minorUnits(60_000) }])
    expect(deduct(minorUnits(40_000), left).commission).toBe(1_000n)
  })
  it('is never more than there is, and sums to the price', () => {
    const amount = fc.bigInt({ min: 0n, max: 10_000_000_000n })
    const basisPoints = fc.integer({ min: 0, max: 10_000 })
    const shares = fc.array(fc.record({ categoryId: fc.constant(null), amount, basisPoints }), { maxLength: 4 })
    const order = fc.record({ items: amount, commission: shares, fee: amount, exempt: fc.boolean(), registered: fc.boolean() })
    fc.assert(
      fc.property(order, ({ items, commission, fee, exempt, registered }) => {
        const parts = deduct(minorUnits(items), {
          commission: commission.map((share) => ({ ...share, amount: minorUnits(share.amount) })),
          paymentFee: minorUnits(fee),
          incomeTaxExempt: exempt,
          vatRegistered: registered,
        })
        expect(sum(Object.values(parts))).toBe(items)
        expect(Object.values(parts).every((part) => part >= 0n)).toBe(true)
      }),
    )
  })
})

describe('what a payment costs', () => {
  it('is split over its orders to the last rupiah', () => {
    const fees = splitFee({ fixedAmount: minorUnits(4_000), basisPoints: 70 }, [
      minorUnits(33_333),
      minorUnits(66_667),
      minorUnits(1),
    ])
    expect(sum(fees)).toBe(4_000n + 700n)
  })
})
