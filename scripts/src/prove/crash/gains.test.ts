import { describe, expect, it } from 'vitest'
import { contradictionsOfBooks } from './books.ts'
import { whatWentBack, type Back, type Bought, type Fate } from './fates.ts'
import { gains, type Sale } from './gains.ts'
import { commissionOn, feeOf, rulesAt, taxOf, type Rules } from './rules.ts'

const rules: Rules = {
  commission: [
    { shopId: null, categoryId: null, basisPoints: 400, from: 1 },
    { shopId: null, categoryId: 'drinks', basisPoints: 600, from: 1 },
    { shopId: null, categoryId: 'drinks', basisPoints: 650, from: 2 },
    { shopId: null, categoryId: 'tea', basisPoints: 500, from: 1 },
    { shopId: 'other', categoryId: null, basisPoints: 325, from: 1 },
    { shopId: 'other', categoryId: 'drinks', basisPoints: 475, from: 1 },
  ],
  fees: [
    { method: null, fixed: 0, basisPoints: 150, from: 1 },
    { method: 'QRIS', fixed: 0, basisPoints: 70, from: 1 },
    { method: 'BCA_VA', fixed: 4_000, basisPoints: 0, from: 1 },
  ],
  taxes: [{ shopId: 'other', isExempt: false, isVatRegistered: true, from: 1 }],
}

const order: Bought = {
  shopId: 'shop',
  lines: [{ variantId: 'cup', path: ['cups'], price: 50_000, quantity: 2 }],
  discount: 0,
  shipping: 10_000,
  wayBack: 9_000,
}
const other: Bought = {
  ...order,
  shopId: 'other',
  lines: [{ variantId: 'coffee', path: ['drinks', 'coffee'], price: 128_500, quantity: 1 }],
}
const cheaper: Bought = {
  ...order,
  lines: [
    { variantId: 'coffee', path: ['drinks', 'coffee'], price: 10_000, quantity: 3 },
    { variantId: 'cup', path: ['cups'], price: 5_001, quantity: 2 },
  ],
  discount: 1_000,
}
const sale: Sale = { buyerId: 'buyer', paidBy: 'QRIS', courierId: 'jne', rules, orders: [order] }
const sold: Fate = { money: 'released', parcel: 'brought' }
const half = { units: [1] }

describe('what sellers are charged', () => {
  it.each([
    ['everybody', { shopId: 'shop', path: ['cups'] }, 400],
    ['a category, by its newest rule', { shopId: 'shop', path: ['drinks'] }, 650],
    ['what is below a category', { shopId: 'shop', path: ['drinks', 'coffee'] }, 650],
    ['a category that is nearer', { shopId: 'shop', path: ['drinks', 'tea'] }, 500],
    ['a shop', { shopId: 'other', path: ['cups'] }, 325],
    ['a shop and a category, though another category is nearer', { shopId: 'other', path: ['drinks', 'tea'] }, 475],
  ])('is the commission for %s', (_, { shopId, path }, wanted) => {
    expect(commissionOn(rules, shopId, path)).toBe(wanted)
  })

  it('is by the rules of when it was bought', () => {
    expect(commissionOn(rulesAt(rules, 1), 'shop', ['drinks'])).toBe(600)
    expect(commissionOn(rulesAt(rules, 2), 'shop', ['drinks'])).toBe(650)
  })

  it('is what a way to pay costs, and nothing of a shop of which the tax office knows nothing', () => {
    expect([feeOf(rules, 'QRIS', 110_000), feeOf(rules, 'BCA_VA', 110_000), feeOf(rules, 'OVO', 110_033)]).toEqual([
      770, 4_000, 1_650,
    ])
    expect([taxOf(rules, 'shop').isVatRegistered, taxOf(rules, 'other').isVatRegistered]).toEqual([false, true])
  })
})

describe('what a sale brings onto the accounts', () => {
  it('is what everybody has of the price when it is brought', () => {
    // PPh 22: 500. Commission: 4,000. Payment: 770. PPN: 440 and 84.7.
    expect(gains(sale, [sold])).toEqual({
      PROVIDER_CLEARING: 110_000,
      'SELLER_BALANCE:shop': -94_205,
      COMMISSION: -4_000,
      PAYMENT_FEE: -770,
      VAT_PAYABLE: -525,
      INCOME_TAX_PAYABLE: -500,
      'COURIER_PAYABLE:jne': -10_000,
    })
  })

  it('is of each order its part of what the payment costs, and PPh 22 of a price without PPN where the shop is registered', () => {
    // 4,000 for 110,000 and 138,500: 1,770.6 and 2,229.4. Of 128,500: commission 6,103.75, PPN 671.44 and 245.19, PPh 22 578.8.
    const both = { ...sale, paidBy: 'BCA_VA', orders: [order, other] } as const
    const [first, second] = [gains(both, [sold, { money: 'held' }]), gains(both, [{ money: 'held' }, sold])]
    expect(first).toMatchObject({ PAYMENT_FEE: -1_771, ESCROW: -138_500, 'SELLER_BALANCE:shop': -93_094 })
    expect(second).toMatchObject({
      PAYMENT_FEE: -2_229,
      COMMISSION: -6_104,
      VAT_PAYABLE: -916,
      INCOME_TAX_PAYABLE: -579,
      ESCROW: -110_000,
      'SELLER_BALANCE:other': -118_672,
    })
  })

  it('is nothing where its money never came, or went back the way it came, and the buyer has it where it cannot', () => {
    expect(gains(sale, [{ money: 'never came' }])).toEqual({})
    expect(gains(sale, [{ money: 'back' }])).toEqual({})
    expect(gains({ ...sale, paidBy: 'COD' }, [{ money: 'back' }])).toEqual({})
    expect(gains({ ...sale, paidBy: 'BCA_VA' }, [{ money: 'back' }])).toEqual({
      PROVIDER_CLEARING: 110_000,
      'BUYER_WALLET:buyer': -110_000,
    })
  })

  it('is charged of what is left where a part went back, whether that was before the seller had the money or after', () => {
    const before = gains(sale, [{ ...sold, before: [half] }])
    expect(before).toMatchObject({ PROVIDER_CLEARING: 60_000, COMMISSION: -2_000, PAYMENT_FEE: -770, INCOME_TAX_PAYABLE: -250 })
    expect(gains(sale, [{ ...sold, after: [half] }])).toEqual(before)
  })

  it('is no more than there is: where all goods went back, nobody is charged', () => {
    expect(gains({ ...sale, paidBy: 'BCA_VA' }, [{ ...sold, before: [{ units: [2] }] }])).toEqual({
      PROVIDER_CLEARING: 110_000,
      'BUYER_WALLET:buyer': -100_000,
      'COURIER_PAYABLE:jne': -10_000,
    })
  })

  it('is the cash that the courier has, and not what it need not collect', () => {
    const { 'COURIER_DEBT:jne': debt, COURIER_RECEIVABLE: receivable } = gains({ ...sale, paidBy: 'COD' }, [
      { ...sold, before: [half] },
    ])
    expect([debt, receivable]).toEqual([60_000, undefined])
  })

  it.each<[string, Fate, object]>([
    ['the way there and back', { money: 'back', parcel: 'came back' }, { COURIER_COSTS: 20_000, 'COURIER_PAYABLE:jne': -20_000 }],
    [
      'the worth of what was lost, which its seller has at once',
      { money: 'back', parcel: 'lost', before: [half] },
      { 'COURIER_DEBT:jne': 60_000, 'SELLER_BALANCE:shop': -50_000, COURIER_COSTS: -10_000 },
    ],
    [
      'the way back, borne by the market',
      { money: 'back', wayBackBorneBy: 'market' },
      { COURIER_COSTS: 9_000, 'COURIER_PAYABLE:jne': -9_000 },
    ],
    [
      'the way back, borne by the seller',
      { money: 'back', wayBackBorneBy: 'seller' },
      { 'SELLER_BALANCE:shop': 9_000, 'COURIER_PAYABLE:jne': -9_000 },
    ],
  ])('is what is between couriers and the market: %s', (_, fate, books) => {
    expect(gains(sale, [fate])).toEqual(books)
  })

  it('sums to nothing, whatever became of it', () => {
    const backs: readonly Back[] = [
      {},
      half,
      { units: [1, 1], amount: 777 },
      { amount: 1 },
      { units: [1, 2], isSellersFault: true },
    ]
    for (const paidBy of ['BCA_VA', 'QRIS', 'WALLET'] as const)
      for (const one of backs)
        for (const fate of [
          { ...sold, before: [one] },
          { ...sold, after: [one] },
          { money: 'back', parcel: 'lost', before: [one] },
        ] as const) {
          const sums = Object.values(gains({ ...sale, paidBy, orders: [cheaper, other] }, [fate, sold]))
          expect(sums.reduce((sum, amount) => sum + amount, 0)).toBe(0)
        }
  })
})

describe('what goes back of two things that a voucher made cheaper', () => {
  const before = [half, { units: [1, 1], amount: 5_001, isSellersFault: true }]
  const fate: Fate = { ...sold, before, after: [{ amount: 1_001 }] }

  it('is what was paid for a unit, and of an amount each its part, the shipping as well where all of the order is meant', () => {
    // Of 1,000: 750 off three of 10,000, 250 off two of 5,001. Of 5,001: 3,334 and 1,667. Of 1,001: 473, 236, and 292 of the shipping.
    const { refunds, left, lateShipping, gone } = whatWentBack(cheaper, fate)
    expect(refunds).toEqual([9_750, 5_001, 1_001])
    expect(left.lines.map(({ money }) => money)).toEqual([15_693, 7_849])
    expect([left.shipping, lateShipping, gone]).toEqual([9_708, 292, [2, 2]])
  })

  it('takes from each what it would not have had: of each category its commission, of the seller the shipping', () => {
    // Commission: 1,020.05 and 313.96. Payment: 343.01. PPN: 146.74 and 37.73. PPh 22: 117.71.
    expect(gains({ ...sale, orders: [cheaper] }, [fate])).toEqual({
      PROVIDER_CLEARING: 33_250,
      'SELLER_BALANCE:shop': -21_270,
      COMMISSION: -1_334,
      PAYMENT_FEE: -343,
      VAT_PAYABLE: -185,
      INCOME_TAX_PAYABLE: -118,
      'COURIER_PAYABLE:jne': -10_000,
    })
  })

  it('is the shipping as well, with the last of the goods, where the seller is at fault', () => {
    const all = { units: [3, 2], isSellersFault: true }
    expect(whatWentBack(cheaper, { ...sold, before: [all] }).refunds).toEqual([49_002])
    expect(whatWentBack(cheaper, { ...sold, before: [{ ...all, isSellersFault: false }] }).refunds).toEqual([39_002])
    expect(whatWentBack(cheaper, { ...sold, before: [half, half, half] }).refunds).toEqual([9_750, 9_750, 9_750])
  })
})

describe('a settlement that gives others their money', () => {
  const must = gains(sale, [sold])
  it.each([
    ['the seller has the commission', { 'SELLER_BALANCE:shop': -98_205, COMMISSION: 0 }, 2],
    ['another shop has the money', { 'SELLER_BALANCE:shop': 0, 'SELLER_BALANCE:other': -94_205 }, 2],
    ['another buyer has some', { PROVIDER_CLEARING: 111_000, 'BUYER_WALLET:buyer': -1_000 }, 2],
    ['PPN is a rupiah more', { VAT_PAYABLE: -526, 'SELLER_BALANCE:shop': -94_204 }, 2],
  ])('is seen: %s', (_, change, contradictions) => {
    expect(contradictionsOfBooks({}, { ...must, ...change }, must)).toHaveLength(contradictions)
  })
})
