import { describe, expect, it } from 'vitest'
import { contradictionsOfCopy, type Copy, type Told } from './copies.ts'

const copy: Copy = {
  invariant: 'I3',
  what: 'a refund',
  from: { domain: 'orders', sql: '' },
  to: { domain: 'payments', sql: '' },
}

describe('what one domain has heard of another', () => {
  it('is what happened, each as often, and nothing else', () => {
    expect(contradictionsOfCopy(copy, { known: ['a', 'b', 'b'], heard: ['b', 'a', 'b'] })).toEqual([])
  })

  it.each<[string, Told, string]>([
    ['it is not heard', { known: ['a'], heard: [] }, 'a refund, a: 1 in orders, 0 in payments'],
    ['it is done twice', { known: ['a'], heard: ['a', 'a'] }, 'a refund, a: 1 in orders, 2 in payments'],
    ['it never happened', { known: ['a'], heard: ['a', 'c'] }, 'a refund, c: 0 in orders, 1 in payments'],
    ['nothing happened at all', { known: [], heard: ['c'] }, 'a refund, c: 0 in orders, 1 in payments'],
  ])('contradicts it: %s', (_, heard, what) => {
    expect(contradictionsOfCopy(copy, heard)).toEqual([{ invariant: 'I3', what }])
  })

  describe('where what happened is forgotten after a while', () => {
    const acts: Copy = { ...copy, isForgotten: true }

    it('may be older than all that is remembered', () => {
      expect(contradictionsOfCopy(acts, { known: ['2 b'], heard: ['1 a', '2 b'] })).toEqual([])
      expect(contradictionsOfCopy(acts, { known: [], heard: ['1 a'] })).toEqual([])
    })

    it('is not newer than that without having happened', () => {
      expect(contradictionsOfCopy(acts, { known: ['2 b'], heard: ['2 b', '3 c'] })).toEqual([
        { invariant: 'I3', what: 'a refund, 3 c: 0 in orders, 1 in payments' },
      ])
    })
  })
})
