import { describe, expect, it } from 'vitest'
import type { Fact, PaymentFacts, WentBack } from './facts.ts'
import { expectedOf } from './oracle.ts'

const order = { orderId: 'ord', shopId: 'shp', items: 100_000, shipping: 0 }
const payment = (story: readonly Fact[], wentBack: readonly WentBack[] = []): PaymentFacts => ({
  provider: 'midtrans',
  paymentId: 'pay',
  buyerId: 'usr',
  method: 'BCA_VA',
  orders: [order],
  story,
  wentBack,
})
const asked = (refundId: string, items: number, asItCame = true): Fact => ({
  kind: 'asked',
  refundId,
  orderId: 'ord',
  items,
  shipping: 0,
  asItCame,
})
const booksOf = (made: PaymentFacts) => Object.fromEntries(expectedOf({ payments: [made], withdrawals: [] }).books)

describe('what the ledger must say of a payment', () => {
  it('is that all of it is held, until something becomes of it', () => {
    expect(booksOf(payment([]))).toEqual({ PROVIDER_CLEARING: 100_000, 'ESCROW:ord': -100_000 })
  })

  it('is what the provider has given back when it was asked to, and what is on the balance where it does not', () => {
    const story = [asked('one', 30_000), asked('two', 20_000), { kind: 'refused', refundId: 'two' }] as const
    expect(booksOf(payment(story, [{ name: 'one', amount: 30_000, isReturned: false }]))).toEqual({
      PROVIDER_CLEARING: 70_000,
      'ESCROW:ord': -50_000,
      'BUYER_WALLET:usr': -20_000,
    })
  })

  it('is a dispute about what went back unasked, which settles what of a later refund the buyer has already', () => {
    const gone = { name: 'by hand', amount: 15_000, isReturned: false }
    const told = { kind: 'told', names: ['by hand'] } as const
    expect(booksOf(payment([told], [gone]))).toMatchObject({ PROVIDER_CLEARING: 85_000, PROVIDER_DISPUTES: 15_000 })
    expect(booksOf(payment([told, asked('all', 100_000)], [gone, { name: 'all', amount: 85_000, isReturned: false }]))).toEqual(
      {},
    )
    expect(booksOf(payment([asked('all', 100_000, false), told], [gone]))).toEqual({
      PROVIDER_CLEARING: 85_000,
      PROVIDER_DISPUTES: 15_000,
      'BUYER_WALLET:usr': -100_000,
    })
  })

  it('is as if nothing had been when a bank decides for the market, and the buyer has what a refund had settled', () => {
    const won = { name: 'dispute', amount: 100_000, isReturned: true }
    const [told, returned] = [{ kind: 'told', names: ['dispute'] } as const, { kind: 'returned', name: 'dispute' } as const]
    const untouched = { PROVIDER_CLEARING: 100_000, 'ESCROW:ord': -100_000 }
    expect([booksOf(payment([told, returned], [won])), booksOf(payment([returned, told], [won]))]).toEqual([untouched, untouched])
    const refunded = { PROVIDER_CLEARING: 100_000, 'ESCROW:ord': -60_000, 'BUYER_WALLET:usr': -40_000 }
    const gone = { name: 'by hand', amount: 60_000, isReturned: false }
    expect(booksOf(payment([told, asked('one', 40_000), returned], [won]))).toEqual(refunded)
    expect(booksOf(payment([asked('one', 40_000, false), told, returned], [won]))).toEqual(refunded)
    expect(booksOf(payment([{ ...told, names: ['by hand'] }], [gone]))).toMatchObject({ PROVIDER_DISPUTES: 60_000 })
  })

  it('is not more than a refund where a bank decides for the market, and the provider does not make the rest of it', () => {
    const won = { name: 'dispute', amount: 60_000, isReturned: true }
    const [told, returned] = [{ kind: 'told', names: ['dispute'] } as const, { kind: 'returned', name: 'dispute' } as const]
    const refused = { kind: 'refused', refundId: 'one' } as const
    const refunded = { PROVIDER_CLEARING: 100_000, 'ESCROW:ord': -20_000, 'BUYER_WALLET:usr': -80_000 }
    for (const end of [
      [returned, refused],
      [refused, returned],
    ])
      // prettier-ignore
      expect(booksOf(payment([told, asked('one', 80_000), ...end], [won]))).toEqual(refunded)
  })

  it('names what has not come to its end', () => {
    expect(expectedOf({ payments: [payment([asked('one', 30_000)])], withdrawals: [] }).waiting).toEqual(['one'])
  })

  it('falls apart when it is released, and what a shop has taken out and owes then is its debt', () => {
    const released = [{ kind: 'released', orderId: 'ord' }, asked('back', 50_000, false)] as const
    const withdrawal = { withdrawalId: 'wdr', shopId: 'shp', amount: 90_620, isAtBank: true }
    const { books } = expectedOf({ payments: [payment(released)], withdrawals: [withdrawal] })
    // Of 50,000: 2,000 commission, 4,000 for the payment, 660 PPN and 250 PPh 22.
    expect(Object.fromEntries(books)).toEqual({
      PROVIDER_CLEARING: 9_380,
      'BUYER_WALLET:usr': -50_000,
      COMMISSION: -2_000,
      PAYMENT_FEE: -4_000,
      VAT_PAYABLE: -660,
      INCOME_TAX_PAYABLE: -250,
      'SELLER_RECEIVABLE:shp': 47_530,
    })
  })
})
