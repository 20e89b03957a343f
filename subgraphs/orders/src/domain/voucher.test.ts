import { minorUnits, sum } from '@pasar/shared/money'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { discountOf, mostOff, paidForUnits, splitDiscount } from './voucher.ts'
import { parseVoucherTerms } from './voucher-terms.ts'

const now = new Date('2026-11-22T00:00:00Z')
const terms = (change: object) =>
  parseVoucherTerms(
    {
      code: 'HEMAT10',
      minimumSpend: 1_000n,
      uses: 1,
      usesPerBuyer: 1,
      listed: false,
      endsAt: new Date('2026-12-12T00:00:00Z'),
      ...change,
    },
    now,
  )

const line = fc
  .record({ quantity: fc.integer({ min: 1, max: 999 }), unitPrice: fc.bigInt({ min: 1n, max: 10_000_000_000n }) })
  .map(({ quantity, unitPrice }) => ({ quantity, unitPrice: minorUnits(unitPrice) }))
/** Lines, and what of what may be taken off them is. */
const order = fc
  .record({ lines: fc.array(line, { minLength: 1, maxLength: 20 }), share: fc.nat({ max: 1_000 }) })
  .map(({ lines, share }) => ({ lines, discount: minorUnits((mostOff(lines) * BigInt(share)) / 1_000n) }))

describe('what a voucher takes off', () => {
  it('of any goods that are dear enough is something, and leaves at least a tenth', () => {
    const vouchers = fc.oneof(
      fc.bigInt({ min: 1n, max: 1_000_000_000n }).map((amount) => terms({ amount })),
      fc
        .record({ percent: fc.integer({ min: 1, max: 90 }), maxDiscount: fc.bigInt({ min: 1n, max: 1_000_000_000n }) })
        .map(terms),
    )
    fc.assert(
      fc.property(vouchers, fc.bigInt({ min: 1_000n, max: 10_000_000_000n }), (voucher, items) => {
        const discount = discountOf(voucher, minorUnits(items))
        expect(discount > 0n && discount * 10n <= items * 9n).toBe(true)
        expect(discount <= (voucher.amount ?? voucher.maxDiscount!)).toBe(true)
      }),
    )
  })

  it('is split over the lines to the rupiah, and a rupiah of each unit is paid', () => {
    fc.assert(
      fc.property(order, ({ lines, discount }) => {
        const shares = splitDiscount(discount, lines)
        expect(sum(shares)).toBe(discount)
        for (const [index, one] of lines.entries())
          for (const after of [0, one.quantity - 1])
            expect(paidForUnits({ ...one, discount: shares[index]! }, { units: 1, after }) >= 1n).toBe(true)
      }),
    )
  })

  it('comes off units that go back one after the other as it came off all of them', () => {
    fc.assert(
      fc.property(order, ({ lines, discount }) => {
        const one = { ...lines[0]!, discount: splitDiscount(discount, lines)[0]! }
        const half = Math.floor(one.quantity / 2)
        const parts = [
          paidForUnits(one, { units: half, after: 0 }),
          paidForUnits(one, { units: one.quantity - half, after: half }),
        ]
        expect(sum(parts)).toBe(one.unitPrice * BigInt(one.quantity) - one.discount)
      }),
    )
  })
})
