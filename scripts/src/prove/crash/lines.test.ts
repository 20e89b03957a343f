import { describe, expect, it } from 'vitest'
import type { Bought, Fate } from './fates.ts'
import { contradictionsOfLines, linesOf } from './lines.ts'

/** A voucher of 1,001 is split by 29,997 and 10,000: 750.77 and 250.23. */
const order: Bought = {
  shopId: 'shop',
  lines: [
    { variantId: 'coffee', path: ['drinks', 'coffee'], price: 10_000, quantity: 3 },
    { variantId: 'cup', path: ['cups'], price: 5_001, quantity: 2 },
  ],
  discount: 1_001,
  shipping: 10_000,
  wayBack: 9_000,
}
const fate: Fate = { money: 'released', before: [{ units: [1] }], after: [{ amount: 1_000 }] }

describe('what an order says of its things', () => {
  const must = linesOf(order, fate)

  it('is of each its part by largest remainder, and of a unit what was paid for it', () => {
    // Of a coffee a third of 751; of 1,000 as what is left of each: 19,499 and 9,752 and 10,000.
    expect(must).toEqual({
      discounts: { coffee: 751, cup: 250 },
      refunds: [
        { coffee: 9_750, cup: 0, shipping: 0 },
        { coffee: 497, cup: 248, shipping: 255 },
      ],
    })
    const there = { ...must, refunds: [must.refunds[1]!, { coffee: 9_750 }] }
    expect(contradictionsOfLines(there, must)).toEqual([])
  })

  it.each([
    [
      'the rupiah that is left over is taken off the other thing',
      { discounts: { coffee: 750, cup: 251 } },
      'takes 251 of cup, 750 of coffee off, not 250 of cup, 751 of coffee',
    ],
    [
      'a unit is worth its price',
      { refunds: [{ coffee: 10_000 }, must.refunds[1]!] },
      'gives 10000 of coffee; 248 of cup, 255 of shipping, 497 of coffee back',
    ],
    [
      'a rupiah is of another thing',
      { refunds: [must.refunds[0]!, { coffee: 496, cup: 249, shipping: 255 }] },
      'gives 249 of cup, 255 of shipping, 496 of coffee; 9750 of coffee back',
    ],
    [
      'all of it is of the goods',
      { refunds: [must.refunds[0]!, { coffee: 667, cup: 333 }] },
      'gives 333 of cup, 667 of coffee; 9750 of coffee back',
    ],
    [
      'something goes back twice',
      { refunds: [...must.refunds, must.refunds[0]!] },
      'gives 248 of cup, 255 of shipping, 497 of coffee; 9750 of coffee; 9750 of coffee back',
    ],
    ['nothing goes back', { refunds: [] }, 'gives nothing back'],
  ])('contradicts it: %s', (_, change, what) => {
    expect(contradictionsOfLines({ ...must, ...change }, must)).toEqual([expect.stringContaining(what)])
  })
})
