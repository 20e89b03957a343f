import { minorUnits } from '@pasar/shared/money'
import { describe, expect, it } from 'vitest'
import {
  availabilityOf,
  cartTotal,
  itemsTotal,
  noticesOf,
  originRegencyCode,
  parcelToSend,
  seenUnitPrice,
  wordFor,
  type Line,
} from './cart.ts'

const line = (change: Partial<Line> = {}): Line => ({
  id: 'cln_1',
  cartId: 'crt_1',
  groupId: 'cgr_1',
  variantId: 'var_1',
  productId: 'prd_1',
  shopId: 'shp_1',
  title: 'Kopi Gayo',
  variantName: '250 g',
  imageUrl: null,
  price: minorUnits(10_000),
  available: 5,
  active: true,
  weightGrams: 260,
  lengthMm: 101,
  widthMm: 10,
  heightMm: 10,
  originRegencyCode: '11.04',
  quantity: 2,
  selected: true,
  seenPrice: minorUnits(10_000),
  seenAvailable: 5,
  seenActive: true,
  ...change,
})

describe('a line', () => {
  it.each([
    [{ active: false, available: 5 }, 'NO_LONGER_SOLD'],
    [{ available: 0 }, 'OUT_OF_STOCK'],
    [{ available: 1 }, 'ONLY_SOME'],
    [{ available: 2 }, 'AVAILABLE'],
  ] as const)('with %o is %s', (change, expected) => expect(availabilityOf(line(change))).toBe(expected))

  it('tells of a price and of stock together', () => {
    const changed = line({ price: minorUnits(9_000), available: 1 })
    expect(noticesOf(changed)).toEqual([
      { kind: 'PRICE_CHANGED', from: 10_000n, to: 9_000n },
      { kind: 'ONLY_N_LEFT', available: 1 },
    ])
  })

  it.each([{ seenAvailable: 0 }, { seenAvailable: 1 }, { seenActive: false }])(
    'that the buyer has seen with %o and that is there now tells so, and has cost nothing up to now',
    (seen) => {
      expect(noticesOf(line(seen))).toEqual([{ kind: 'AVAILABLE_AGAIN' }])
      expect(seenUnitPrice(line(seen))).toBe(0n)
    },
  )

  it('costs what it did when the buyer last saw it', () => {
    expect(seenUnitPrice(line({ price: minorUnits(12_000), available: 0 }))).toBe(10_000n)
  })

  it.each([
    [{ available: 1, seenAvailable: 1 }],
    [{ available: 0, seenAvailable: 0 }],
    [{ active: false, seenActive: false }],
    [{ available: 3, seenAvailable: 5 }],
  ])('has nothing new to tell with %o', (change) => expect(noticesOf(line(change))).toEqual([]))
})

describe('a cart', () => {
  const lines = [
    line(),
    line({ id: 'cln_2', selected: false }),
    line({ id: 'cln_3', available: 1 }),
    line({ id: 'cln_4', active: false }),
  ]

  it('counts only what is selected and can be bought', () => {
    expect(itemsTotal(lines)).toBe(20_000n)
    expect(parcelToSend(lines)).toEqual({ weightGrams: 520, volumeCubicCm: 21 })
  })

  it('has no total before each parcel has a cost', () => {
    expect(cartTotal(lines, [5_000n, null])).toBe(25_000n)
    expect(cartTotal(lines, [null])).toBeUndefined()
    expect(cartTotal([line({ selected: false })], [])).toBeUndefined()
  })

  it('leaves from where its first selected line lies', () => {
    const other = line({ selected: false, originRegencyCode: '31.73' })
    expect(originRegencyCode([other, line()])).toBe('11.04')
    expect(originRegencyCode([other])).toBe('31.73')
    expect(originRegencyCode([])).toBeNull()
  })

  it('leaves from where a checkout has found, as long as the same units of the same things are to be sent', () => {
    const [coffee, tea] = [line(), line({ variantId: 'var_2', quantity: 3 })]
    const found = { foundOrigin: '32.73', foundFor: wordFor([coffee, tea]) }
    expect(originRegencyCode([tea, coffee, line({ variantId: 'var_3', selected: false })], found)).toBe('32.73')
    expect(originRegencyCode([coffee], found)).toBe('11.04')
    expect(originRegencyCode([coffee, { ...tea, quantity: 2 }], found)).toBe('11.04')
    expect(originRegencyCode([coffee, { ...tea, selected: false }], found)).toBe('11.04')
  })
})
