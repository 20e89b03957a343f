import { describe, expect, it } from 'vitest'
import { deviationsOf, type OrderSummary, type Summary } from './summary.ts'
import { summaryLines } from './table.ts'

const order = (id: string, items: number): OrderSummary => ({
  id,
  shop: `Toko ${id}`,
  state: 'COMPLETED',
  trackingNumber: `JNE${id}`,
  delivered: true,
  events: ['PLACED', 'PAID', 'ACCEPTED', 'READY_TO_SHIP', 'SHIPPED', 'DELIVERED', 'COMPLETED'],
  items,
  shipping: 9_000,
  total: items + 9_000,
  held: 0,
  earned: items - 2_000,
  charged: 2_000,
})

const good: Omit<Summary, 'ok'> = {
  market: 'http://127.0.0.1:4000',
  checkoutId: 'chk_1',
  paid: 1_171_000,
  orders: [order('1', 53_000), order('2', 1_100_000)],
  frames: 24,
  ledgerSum: 0,
  stock: [{ variantId: 'var_1', title: 'Kopi', bought: 2, before: 10, after: 8 }],
}

describe('the end of the story', () => {
  it('is good when everything adds up', () => {
    expect(deviationsOf(good)).toEqual([])
  })

  it.each<[string, Partial<Summary>, RegExp]>([
    ['an order is missing', { orders: [order('1', 1_162_000)] }, /There are 1 orders, not two/],
    ['an order is not finished', { orders: [{ ...order('1', 53_000), state: 'DELIVERED' }, good.orders[1]!] }, /is DELIVERED/],
    ['a parcel has not arrived', { orders: [{ ...order('1', 53_000), delivered: false }, good.orders[1]!] }, /has not arrived/],
    [
      'a frame is missing',
      { orders: [{ ...order('1', 53_000), events: ['PAID', 'SHIPPED', 'DELIVERED', 'COMPLETED'] }, good.orders[1]!] },
      /The buyer saw of order 1: PAID SHIPPED/,
    ],
    ['money is still held', { orders: [{ ...order('1', 53_000), held: 1 }, good.orders[1]!] }, /1 are still held for order 1/],
    [
      'a shop earned too much',
      { orders: [{ ...order('1', 53_000), earned: 53_001 }, good.orders[1]!] },
      /earned 53001 and was charged 2000, which is not the 53000/,
    ],
    ['the orders cost something else than was paid', { paid: 1_171_001 }, /do not sum to the 1171001/],
    ['few frames came', { frames: 11 }, /Only 11 live frames/],
    ['the ledger is out of balance', { ledgerSum: -1 }, /sums to -1/],
    ['too much stock is gone', { stock: [{ ...good.stock[0]!, after: 7 }] }, /Kopi: 2 bought, but the stock went from 10 to 7/],
  ])('is a deviation when %s', (_, change, sentence) => {
    const deviations = deviationsOf({ ...good, ...change })
    expect(deviations).toHaveLength(1)
    expect(deviations[0]).toMatch(sentence)
  })

  it('is told in tables, with rupiah as Indonesians write them', () => {
    const text = summaryLines(good).join('\n')
    expect(text).toContain('Rp1.109.000')
    expect(text).toMatch(/^Kopi +10 +2 +8$/m)
    expect(text).toContain('paid Rp1.171.000, live frames 24, ledger sum 0')
  })
})
