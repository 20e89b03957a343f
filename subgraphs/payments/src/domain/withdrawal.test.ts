import { describe, expect, it } from 'vitest'
import { decidePayout, isPaidTwice, withdrawalMoves, type PayoutStatus, type WithdrawalState } from './withdrawal.ts'

const states = Object.keys(withdrawalMoves) as WithdrawalState[]
const words: readonly PayoutStatus[] = ['PENDING', 'UNKNOWN', 'PAID', 'FAILED', 'REVERSED']

describe('what a provider says of a withdrawal', () => {
  it.each(states)('takes one that is %s only where the table allows', (from) => {
    for (const word of words) {
      const to = decidePayout(from, word)
      expect(to === undefined || (withdrawalMoves[from] as readonly WithdrawalState[]).includes(to)).toBe(true)
    }
  })
  it('brings the money back when it failed, also when that is told after it arrived', () => {
    expect([decidePayout('SENT', 'FAILED'), decidePayout('PAID', 'FAILED'), decidePayout('PAID', 'REVERSED')]).toEqual([
      'FAILED',
      'REVERSED',
      'REVERSED',
    ])
  })
  it('that overtook what was said before is heeded, and what it overtook is not', () => {
    expect(decidePayout('REQUESTED', 'PAID')).toBe('PAID')
    expect(decidePayout('PAID', 'PENDING')).toBeUndefined()
    expect(decidePayout('REVERSED', 'PAID')).toBeUndefined()
  })
  it('is worth a look when the bank has what is on the balance again, and not when it only comes late', () => {
    expect(states.filter((from) => words.some((word) => isPaidTwice(from, word)))).toEqual(['FAILED'])
    expect(words.filter((word) => isPaidTwice('FAILED', word))).toEqual(['PAID'])
  })
})
