import { minorUnits } from '@pasar/shared/money'
import { describe, expect, it } from 'vitest'
import { categoriesOf, merged, partsByShop, quantities, totals, type ReservedLine } from './plan-orders.ts'

const line = (facts: Partial<ReservedLine>): ReservedLine => ({
  variantId: 'v1',
  productId: 'p1',
  shopId: 's1',
  title: 'Kopi',
  variantName: '250 g',
  sku: 'K',
  quantity: 1,
  unitPrice: 10_000,
  weightGrams: 300,
  lengthMm: 101,
  widthMm: 100,
  heightMm: 10,
  imageUrl: null,
  ...facts,
})

describe('what a checkout reserves', () => {
  it('sums one variant over all lines, in the order of ids', () => {
    const cart = ['b', 'a', 'b'].map((variantId, lineId) => ({
      lineId: String(lineId),
      variantId,
      shopId: 's1',
      quantity: 2,
      unitPrice: 1,
    }))
    expect(quantities(cart)).toEqual([
      { variantId: 'a', quantity: 2 },
      { variantId: 'b', quantity: 4 },
    ])
  })

  it('makes one line of a variant that comes from two warehouses', () => {
    expect(merged([line({ quantity: 2 }), line({ variantId: 'v2' }), line({ quantity: 3 })])).toMatchObject([
      { variantId: 'v1', quantity: 5 },
      { variantId: 'v2', quantity: 1 },
    ])
  })
})

describe('the parcels of a checkout', () => {
  it('hold one shop each, with weight and volume of all pieces, rounded up', () => {
    const parts = partsByShop([line({ shopId: 's2', quantity: 3 }), line({ variantId: 'v2', quantity: 2 })])
    expect(parts.map(({ shopId, weightGrams, volumeCubicCm }) => ({ shopId, weightGrams, volumeCubicCm }))).toEqual([
      { shopId: 's1', weightGrams: 600, volumeCubicCm: 202 },
      { shopId: 's2', weightGrams: 900, volumeCubicCm: 303 },
    ])
    expect(partsByShop([line({ lengthMm: 1, widthMm: 1, heightMm: 1 })])[0]?.volumeCubicCm).toBe(1)
  })

  it('never have figures that cannot be asked of logistics', () => {
    const container = line({ quantity: 999, weightGrams: 1_000_000, lengthMm: 10_000, widthMm: 10_000, heightMm: 10_000 })
    const lines = Array.from({ length: 3 }, () => container)
    expect(partsByShop(lines)).toMatchObject([{ weightGrams: 2 ** 31 - 1, volumeCubicCm: 2 ** 31 - 1 }])
  })
})

describe('the price of a checkout', () => {
  const reserved = [line({ quantity: 2 })]
  const quotes = [{ shopId: 's1', courierServiceId: 'jne_reg', serviceName: 'JNE', cost: 9_000 }]
  const cart = [{ lineId: 'l', variantId: 'v1', shopId: 's1', quantity: 2, unitPrice: 10_000 }]

  it.each([
    ['the cart showed the same', null, 10_000, true],
    ['the cart showed less', null, 9_999, false],
    ['the buyer named it', 29_000n, 9_999, true],
    ['the buyer named another one', 28_999n, 10_000, false],
  ] as const)('is agreed or not: %s', (...[, expectedTotal, seen, agreed]) => {
    const shown = [{ ...cart[0]!, unitPrice: seen }]
    const figures = totals({ cart: shown, reserved, quotes, shownQuotes: [], discount: minorUnits(0) }, expectedTotal)
    expect(figures).toMatchObject({ items: 20_000n, shipping: 9_000n, total: 29_000n, agreed })
  })

  it.each([
    ['named what is left to pay', 24_000n, 10_000, true],
    ['named what it costs without the voucher', 29_000n, 10_000, false],
    ['named nothing and saw these prices', null, 10_000, true],
    ['named nothing and saw other prices', null, 9_999, false],
  ] as const)('is agreed with a voucher or not: the buyer %s', (...[, expectedTotal, seen, agreed]) => {
    const shown = [{ ...cart[0]!, unitPrice: seen }]
    const figures = totals({ cart: shown, reserved, quotes, shownQuotes: [], discount: minorUnits(5_000) }, expectedTotal)
    expect(figures).toMatchObject({ items: 20_000n, total: 24_000n, agreed })
  })
})

describe('the shipping of a checkout', () => {
  it.each([
    [null, 28_500n],
    [29_000n, 29_000n],
  ])('is compared with what it costs from where the cart says, unless the buyer named a total: %s', (named, expected) => {
    const reserved = [line({})]
    const quote = { shopId: 's1', courierServiceId: 'jne_reg', serviceName: 'JNE', cost: 10_000 }
    const quotes = [quote, { ...quote, shopId: 's2', cost: 9_000 }]
    const cart = [{ lineId: 'l', variantId: 'v1', shopId: 's1', quantity: 1, unitPrice: 10_000 }]
    const figures = totals({ cart, reserved, quotes, shownQuotes: [{ ...quote, cost: 9_500 }], discount: minorUnits(0) }, named)
    expect(figures).toMatchObject({ shipping: 19_000n, total: 29_000n, expected, agreed: expected === 29_000n })
  })
})

describe("what a shop's part is made of", () => {
  const own = { shopId: 'shp_1', unitPrice: 1_000, quantity: 2 }
  it('is summed by category, without the other shops', () => {
    const lines = [
      line({ ...own, categoryId: 'cat_a' }),
      line({ ...own, categoryId: 'cat_b', quantity: 1 }),
      line({ ...own, categoryId: 'cat_a', unitPrice: 500 }),
      line({ ...own, categoryId: 'cat_a', shopId: 'shp_2' }),
    ]
    expect(categoriesOf(lines, 'shp_1')).toEqual([
      { categoryId: 'cat_a', amount: 3_000 },
      { categoryId: 'cat_b', amount: 1_000 },
    ])
  })
  it('tells in which categories each is', () => {
    const path = ['cat_top', 'cat_a']
    const lines = [
      line({ ...own, categoryId: 'cat_a', categoryPath: path }),
      line({ ...own, categoryId: 'cat_b', categoryPath: null }),
    ]
    expect(categoriesOf(lines, 'shp_1')).toStrictEqual([
      { categoryId: 'cat_a', path, amount: 2_000 },
      { categoryId: 'cat_b', amount: 2_000 },
    ])
  })
  it('is told as it is paid: a discount is split over the lines, and the parts sum to what is left', () => {
    const lines = [
      line({ ...own, categoryId: 'cat_a' }),
      line({ ...own, categoryId: 'cat_b', quantity: 1 }),
      line({ ...own, categoryId: 'cat_a', unitPrice: 500 }),
    ]
    const parts = categoriesOf(lines, 'shp_1', minorUnits(1_001))!
    expect(parts.map(({ categoryId }) => categoryId)).toEqual(['cat_a', 'cat_b'])
    expect(parts.reduce((sum, { amount }) => sum + amount, 0)).toBe(4_000 - 1_001)
  })
  it('is not told where a category is not known', () => {
    expect(categoriesOf([line({ ...own, categoryId: 'cat_a' }), line(own)], 'shp_1')).toBeUndefined()
  })
})
