import { minorUnits } from '@pasar/shared/money'
import { describe, expect, it } from 'vitest'
import { instalmentsOf, methods, payableUntil, paymentMethods, refundDestination, takes } from './methods.ts'
import { refundRoute } from './refund.ts'

const paidAt = new Date('2026-11-18T05:00:00Z')
const after = (days: number) => new Date(paidAt.getTime() + days * 86_400_000)

describe('ways to pay', () => {
  it.each(paymentMethods)('%s takes amounts from its minimum to its maximum', (method) => {
    const { minimum, maximum } = methods[method]
    expect([minimum - 1n, minimum, maximum, maximum + 1n].map((amount) => takes(method, minorUnits(amount)))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
  it('give the buyer their own time, and never longer than the order waits', () => {
    expect(payableUntil('QRIS', paidAt, after(1))).toEqual(new Date('2026-11-18T05:15:00Z'))
    expect(payableUntil('BCA_VA', paidAt, new Date('2026-11-18T06:00:00Z'))).toEqual(new Date('2026-11-18T06:00:00Z'))
  })
  it('take refunds back within their window; virtual accounts never do', () => {
    expect(refundDestination('GOPAY', paidAt, after(44))).toBe('ORIGINAL_METHOD')
    expect(refundDestination('GOPAY', paidAt, after(45))).toBe('WALLET_BALANCE')
    expect(refundDestination('BCA_VA', paidAt, paidAt)).toBe('WALLET_BALANCE')
  })
  it('in instalments at 0 % have rows that sum to the amount', () => {
    const rows = instalmentsOf('CARD_INSTALMENT_3', minorUnits(1_000_000))
    expect(rows).toEqual([333_334n, 333_333n, 333_333n])
    expect(instalmentsOf('CARD_INSTALMENT_12', minorUnits(500_003)).reduce((sum, row) => sum + row, 0n)).toBe(500_003n)
    expect(instalmentsOf('CARD', minorUnits(500_003))).toEqual([])
  })
  it('at the door have nothing to give back until the courier has the cash', () => {
    const facts = { method: 'COD', amount: minorUnits(100), goneBack: minorUnits(0), capturedAt: paidAt } as const
    expect(refundRoute({ ...facts, collected: false }, minorUnits(60), paidAt).against).toBe('COURIER')
    expect(refundRoute({ ...facts, collected: true }, minorUnits(60), paidAt).against).toBe('WALLET')
  })
  it('are not asked to give back what went back already', () => {
    const facts = { method: 'GOPAY', amount: minorUnits(100), capturedAt: paidAt, collected: false } as const
    const route = (goneBack: number, now = paidAt) => {
      const { against, disputed } = refundRoute({ ...facts, goneBack: minorUnits(goneBack) }, minorUnits(60), now)
      return [against, disputed]
    }
    expect([40, 41, 99, 100, 160].map((goneBack) => route(goneBack))).toEqual([
      ['PROVIDER', 0n],
      ['PROVIDER', 1n],
      ['PROVIDER', 59n],
      ['DISPUTES', 60n],
      ['DISPUTES', 60n],
    ])
    expect([route(41, after(45)), route(100, after(45))]).toEqual([
      ['WALLET', 1n],
      ['DISPUTES', 60n],
    ])
  })
})
