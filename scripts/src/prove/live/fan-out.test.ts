import { describe, expect, it } from 'vitest'
import { tellEveryChange } from './fan-out.ts'

const frame = (available: number, { cursor = `c${available}`, name = 'Toko Maju' } = {}): string =>
  JSON.stringify({ data: { listingChanged: { cursor, available, variant: { product: { title: 'Kopi', shop: { name } } } } } })
const sound = [8, 9, 10].map((available) => frame(available))

describe('frames about a shelf that grows by one unit three times, to ten', () => {
  const right = (texts: readonly string[]) => tellEveryChange(texts, { changes: 3, there: 10 })

  it('tell of every change up to what is there now', () => {
    expect(right(sound)).toBe(true)
  })

  it.each<[string, readonly string[]]>([
    ['they are all one change behind', [7, 8, 9].map((available) => frame(available))],
    ['one is missing', sound.slice(1)],
    ['one more came', [...sound, frame(11)]],
    ['one came twice', sound.with(1, sound[0]!)],
    ['two changed places', [sound[1]!, sound[0]!, sound[2]!]],
    ['two have one cursor', sound.with(1, frame(9, { cursor: 'c8' }))],
    ['one does not know its shop', sound.with(2, frame(10, { name: '' }))],
  ])('do not: %s', (_, texts) => {
    expect(right(texts)).toBe(false)
  })
})
