import { minorUnits, sum } from '@pasar/shared/money'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountId } from './chart-of-accounts.ts'
import { clawbackJournal, givenBack } from './clawback.ts'
import { payDebt, releaseJournal, type Journal, type Movement } from './journals.ts'
import type { Terms } from './terms.ts'

const terms: Terms = {
  commission: [
    { categoryId: 'cat_1', amount: minorUnits(70_000), basisPoints: 400 },
    { categoryId: 'cat_2', amount: minorUnits(30_000), basisPoints: 750 },
  ],
  paymentFee: minorUnits(4_000),
  incomeTaxExempt: false,
  vatRegistered: true,
}
const orderOf = (items: number, shipping = 0) => ({
  orderId: 'ord_1',
  shopId: 'shp_1',
  buyerId: 'usr_1',
  itemsAmount: minorUnits(items),
  shippingAmount: minorUnits(shipping),
  terms,
})
const standing = (available: number, owed = 0) => ({ available: minorUnits(available), owed: minorUnits(owed) })
const totals = (movements: readonly Movement[]) => {
  const sums = new Map<string, bigint>()
  for (const { account, amount } of movements) sums.set(accountId(account), (sums.get(accountId(account)) ?? 0n) + amount)
  return Object.fromEntries([...sums].filter(([, amount]) => amount !== 0n))
}
const clawback = (items: number, part: readonly [items: number, shipping: number], seller = standing(10_000_000)) =>
  clawbackJournal({
    refundId: 'rfd_1',
    order: orderOf(items),
    itemsAmount: minorUnits(part[0]),
    categories: [],
    shippingAmount: minorUnits(part[1]),
    seller,
  })

describe('what is taken back of a released order', () => {
  it('is taken from whoever got it, as if the refund had come before the release', () => {
    const part = fc.record({ items: fc.integer({ min: 1, max: 3_000_000 }), share: fc.integer({ min: 0, max: 100 }) })
    fc.assert(
      fc.property(part, ({ items, share }) => {
        const refunded = Math.floor((items * share) / 100)
        const both: Journal[] = [releaseJournal(orderOf(items), minorUnits(0)), clawback(items, [refunded, 0])]
        const escrowOnly = { 'ESCROW:ord_1': 0n }
        const net = totals(both.flatMap(({ movements }) => movements))
        const before = totals(releaseJournal(orderOf(items - refunded), minorUnits(0)).movements)
        expect({ ...net, ...escrowOnly }).toEqual({ ...before, ...escrowOnly })
        expect(net['ESCROW:ord_1'] ?? 0n).toBe(BigInt(items - refunded))
      }),
    )
  })

  it('sums to 0 and to the refund, whatever the shop still has', () => {
    const all = fc.record({
      items: fc.integer({ min: 1, max: 3_000_000 }),
      share: fc.integer({ min: 0, max: 100 }),
      shipping: fc.integer({ min: 0, max: 50_000 }),
      available: fc.integer({ min: 0, max: 3_000_000 }),
      owed: fc.integer({ min: 1, max: 3_000_000 }),
      isInDebt: fc.boolean(),
    })
    fc.assert(
      fc.property(all, ({ items, share, shipping, available, owed, isInDebt }) => {
        const refunded = Math.floor((items * share) / 100)
        const seller = isInDebt ? standing(0, owed) : standing(available)
        const net = totals(clawback(items, [refunded, shipping], seller).movements)
        expect(sum(Object.values(net) as never[])).toBe(0n)
        expect(net['ESCROW:ord_1'] ?? 0n).toBe(BigInt(-refunded - shipping))
        const has = seller.available - (net['SELLER_BALANCE:shp_1'] ?? 0n)
        const owes = seller.owed + (net['SELLER_RECEIVABLE:shp_1'] ?? 0n)
        expect([has >= 0n, owes >= 0n, has === 0n || owes === 0n]).toEqual([true, true, true])
      }),
    )
  })

  it('leaves the courier what it has earned: the seller bears the shipping', () => {
    const net = totals(clawback(100_000, [0, 15_000]).movements)
    expect(net).toEqual({ 'SELLER_BALANCE:shp_1': 15_000n, 'ESCROW:ord_1': -15_000n })
  })

  it('gives back all that was charged when all goes back', () => {
    expect(givenBack({ order: orderOf(100_000), itemsAmount: minorUnits(100_000), categories: [] })).toMatchObject({
      commission: 5_050n,
      paymentFee: 4_000n,
    })
  })
})

describe('goods that come back of a released order', () => {
  const back = (categoryId: string, amount: number) => ({
    order: orderOf(100_000),
    itemsAmount: minorUnits(amount),
    categories: [{ categoryId, amount: minorUnits(amount) }],
  })
  it.each([
    ['cat_1', 70_000, 2_800n],
    ['cat_2', 30_000, 2_250n],
    ['cat_2', 10_000, 750n],
    // Of goods that nobody has charged a commission for by themselves, a share of all.
    ['cat_3', 10_000, 505n],
  ])('bring back the commission of their own category: %s of %i', (categoryId, amount, commission) => {
    expect(givenBack(back(categoryId, amount)).commission).toBe(commission)
  })
})

describe('a shop that owes something', () => {
  it.each([
    [50, 80, 50n],
    [80, 50, 50n],
    [80, 0, undefined],
  ])('pays it off with what it earns: of %i, owing %i', (incoming, owed, paid) => {
    const net = totals(payDebt('shp_1', { incoming: minorUnits(incoming), owed: minorUnits(owed) }))
    expect(net['SELLER_BALANCE:shp_1']).toBe(paid)
  })
})
