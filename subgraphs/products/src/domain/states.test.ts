import { describe, expect, it } from 'vitest'
import { maySee, missingParts, productMoves, statesBefore, type ProductStatus } from './product.ts'
import { reservationMoves } from './reservation.ts'

const productStates = Object.keys(productMoves) as ProductStatus[]

describe.each(productStates)('a product that is %s', (from) => {
  it.each(productStates)('may go to %s only if the table says so', (to) => {
    expect(statesBefore(to).includes(from)).toBe((productMoves[from] as readonly string[]).includes(to))
  })

  it('is seen by its shop, and by others only when it is on sale and the shop is not suspended', () => {
    const product = { shopId: 'mine', status: from, shopSuspended: false }
    expect(maySee(product, ['mine'])).toBe(true)
    expect(maySee(product, ['another'])).toBe(from === 'PUBLISHED')
    expect(maySee({ ...product, shopSuspended: true }, [])).toBe(false)
  })
})

it('a released reservation stays released', () => {
  expect(reservationMoves.RELEASED).toEqual([])
  expect(reservationMoves.EXPIRED).toEqual([])
})

it('a product with all its parts lacks nothing', () => {
  const counted = { activeVariants: 1, warehouses: 1, hiddenComponents: 0 }
  const parts = { ...counted, description: 'x', images: [{ url: '/pictures/a.svg', altText: 'a' }] }
  expect(missingParts(parts)).toEqual([])
  expect(missingParts({ ...parts, images: [] })).toEqual(['IMAGE'])
})
