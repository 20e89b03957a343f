import { describe, expect, it } from 'vitest'
import { parseFilter } from './filter.ts'
import { parseText, said } from './input.ts'
import { parsePictures } from './product.ts'
import { summarize } from './review.ts'
import { adjusted, parseAdjustment } from './stock.ts'
import { parseWarehouseChanges } from './warehouse.ts'

describe('what sellers and buyers type', () => {
  it('is trimmed and bounded', () => {
    expect(parseText('  Topi ', 'name')).toBe('Topi')
    expect(() => parseText('   ', 'name')).toThrow('name: expected 1 to 200 characters')
    expect(() => parseText('a\0b', 'name')).toThrow('name')
  })

  it('keeps what was not said out of a change', () => {
    expect(said({ a: 1, b: undefined, c: null })).toEqual({ a: 1, c: null })
    expect(parseWarehouseChanges({ street: ' Jalan 2 ' })).toEqual({ street: 'Jalan 2' })
    expect(parseFilter({ text: null, inStock: false })).toEqual({ inStock: false })
  })

  it('brings the regency with the district', () => {
    expect(parseWarehouseChanges({ districtCode: '31.73.05' })).toEqual({ districtCode: '31.73.05', regencyCode: '31.73' })
  })

  it.each(['https://example.com/a.png?x=1#y', 'https://example.com', '/pictures/keyboard.svg', '/pictures/a/b-1.webp'])(
    'takes %s as a picture',
    (url) => {
      expect(parsePictures([{ url, altText: 'a' }])).toEqual([{ url, altText: 'a' }])
    },
  )

  it.each([
    'http://example.com/a.png',
    '//example.com/a.png',
    '/other/a.png',
    '/pictures/../a',
    '/pictures//a',
    'https://a b.com/',
    'https://u:p@example.com/',
    'data:image/png;base64,AA',
    'https:\\\\example.com',
  ])('does not take %s as a picture', (url) => {
    expect(() => parsePictures([{ url, altText: 'a' }])).toThrow('images.url: expected')
  })
})

describe('a stock adjustment', () => {
  it('is a difference or a count, never both', () => {
    expect(parseAdjustment({ delta: -3 })).toEqual({ delta: -3 })
    expect(parseAdjustment({ onHand: 0 })).toEqual({ onHand: 0 })
    expect(() => parseAdjustment({ delta: 1, onHand: 1 })).toThrow('either delta or onHand')
  })

  it('stops at what checkouts hold', () => {
    expect(adjusted({ onHand: 5, reserved: 2 }, { delta: -3 })).toBe(2)
    expect(adjusted({ onHand: 5, reserved: 2 }, { delta: -4 })).toBeUndefined()
    expect(adjusted({ onHand: 5, reserved: 2 }, { onHand: 1 })).toBeUndefined()
    expect(() => adjusted({ onHand: 9_999_999, reserved: 0 }, { delta: 2 })).toThrow('at most 10000000')
  })
})

describe('the summary of reviews', () => {
  it('has no average while there are none', () => {
    expect(summarize([0, 0, 0, 0, 0])).toMatchObject({ average: null, count: 0 })
  })

  it('rounds to two decimals and lists five stars first', () => {
    expect(summarize([1, 0, 0, 0, 2])).toEqual({
      average: 3.67,
      count: 3,
      distribution: [5, 4, 3, 2, 1].map((rating) => ({ rating, count: rating === 5 ? 2 : rating === 1 ? 1 : 0 })),
    })
  })
})
