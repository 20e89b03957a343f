import { describe, expect, it } from 'vitest'
import { contradictionsOfCopy, type Copy } from './copies.ts'

const copy: Copy = {
  invariant: 'I3',
  what: 'a refund',
  from: { domain: 'orders', sql: '' },
  to: { domain: 'payments', sql: '' },
}

describe('what one domain has heard of another', () => {
  it('is what happened, each as often; what else it knows is its own', () => {
    expect(contradictionsOfCopy(copy, ['a', 'b', 'b'], ['b', 'a', 'b', 'c'])).toEqual([])
  })

  it.each([
    ['not heard', [], 'a refund, a: 1 in orders, 0 in payments'],
    ['done twice', ['a', 'a'], 'a refund, a: 1 in orders, 2 in payments'],
  ])('contradicts it: %s', (_, heard, what) => {
    expect(contradictionsOfCopy(copy, ['a'], heard)).toEqual([{ invariant: 'I3', what }])
  })
})
