import { describe, expect, it } from 'vitest'
import { allocateUnits, sumByVariant, type Spare, type Wanted } from './allocation.ts'

const want = (variantId: string, quantity: number, shopId = 'shop'): Wanted => ({ variantId, shopId, quantity })
const spare = (variantId: string, warehouseId: string, available: number): Spare => ({ variantId, warehouseId, available })

const taken = (wanted: readonly Wanted[], stock: readonly Spare[], preferred: readonly (readonly string[])[] = []) => {
  const outcome = allocateUnits(wanted, stock, preferred)
  return outcome.enough
    ? outcome.allocations.map(({ variantId, warehouseId, quantity }) => `${quantity} ${variantId} from ${warehouseId}`)
    : outcome.short
}

describe('choosing warehouses', () => {
  it('takes everything of a shop from the warehouse that has everything, though another one is fuller', () => {
    const stock = [spare('a', 'big', 100), spare('a', 'small', 2), spare('b', 'small', 2)]
    expect(taken([want('a', 2), want('b', 1)], stock)).toEqual(['2 a from small', '1 b from small'])
  })

  it('looks at each shop by itself', () => {
    const stock = [spare('a', 'x', 1), spare('b', 'y', 1)]
    expect(taken([want('a', 1, 'one'), want('b', 1, 'two')], stock)).toEqual(['1 a from x', '1 b from y'])
  })

  it('takes each variant whole when no warehouse has them all', () => {
    const stock = [spare('a', 'x', 3), spare('b', 'y', 3)]
    expect(taken([want('a', 3), want('b', 3)], stock)).toEqual(['3 a from x', '3 b from y'])
  })

  it('splits from the fullest downwards when no warehouse has enough', () => {
    expect(taken([want('a', 7)], [spare('a', 'x', 2), spare('a', 'y', 4), spare('a', 'z', 3)])).toEqual([
      '4 a from y',
      '3 a from z',
    ])
  })

  it('takes from a preferred warehouse what another one could give, too', () => {
    const stock = [spare('a', 'big', 100), spare('a', 'small', 2), spare('b', 'big', 100), spare('b', 'small', 1)]
    expect(taken([want('a', 1), want('b', 1)], stock, [['small']])).toEqual(['1 a from small', '1 b from small'])
    expect(taken([want('a', 103)], [...stock, spare('a', 'other', 50)], [['small']])).toEqual([
      '100 a from big',
      '1 a from other',
      '2 a from small',
    ])
  })

  it('takes from the most preferred warehouse of those that could give it, however full the others are', () => {
    const stock = [spare('a', 'full', 100), spare('a', 'near', 9), spare('a', 'used', 2)]
    expect(taken([want('a', 2)], stock, [['used'], ['near', 'used']])).toEqual(['2 a from used'])
    expect(taken([want('a', 3)], stock, [['used'], ['near', 'used']])).toEqual(['3 a from near'])
  })

  it('does not send two parcels for the sake of a preferred warehouse', () => {
    const stock = [spare('a', 'big', 9), spare('a', 'small', 9), spare('b', 'big', 9)]
    expect(taken([want('a', 1), want('b', 1)], stock, [['small']])).toEqual(['1 a from big', '1 b from big'])
  })

  it('names every variant that lacks units, with how many there are', () => {
    const short = [
      { variantId: 'a', available: 3 },
      { variantId: 'c', available: 0 },
    ]
    expect(
      taken([want('a', 4), want('b', 1), want('c', 1)], [spare('a', 'x', 1), spare('a', 'y', 2), spare('b', 'x', 1)]),
    ).toEqual(short)
  })
})

it('sums lines of one variant, in the order of ids', () => {
  const lines = [
    { variantId: 'b', quantity: 1 },
    { variantId: 'a', quantity: 2 },
    { variantId: 'b', quantity: 3 },
  ]
  expect(sumByVariant(lines)).toEqual([
    { variantId: 'a', quantity: 2 },
    { variantId: 'b', quantity: 4 },
  ])
})
