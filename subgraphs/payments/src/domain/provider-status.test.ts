import { describe, expect, it } from 'vitest'
import { isTaken, mayMove, moves, stateOf, statusOf, type ProviderStatus } from './provider-status.ts'

const statuses = Object.keys(moves) as ProviderStatus[]
const ended = ['deny', 'cancel', 'expire', 'failure'] as const

describe('the table of what the provider may say next', () => {
  it.each(statuses)('from %s never leads back to new, nor to itself unless more money can go back', (from) => {
    const next: readonly ProviderStatus[] = moves[from]
    expect(next).not.toContain('new')
    expect(next.includes(from)).toBe(from === 'partial_refund' || from === 'partial_chargeback')
  })
  it.each(statuses.filter((status) => status !== 'new'))('reaches %s from somewhere', (to) => {
    expect(statuses.some((from) => mayMove(from, to))).toBe(true)
  })
  it.each(ended)('honours money that comes after %s', (from) => {
    expect(mayMove(from, 'settlement')).toBe(true)
    expect(mayMove(from, 'capture')).toBe(true)
  })
  it.each(statuses.filter(isTaken))('never calls a payment unpaid once money was taken (%s)', (from) => {
    const next: readonly ProviderStatus[] = moves[from]
    expect(next.every(isTaken)).toBe(true)
    expect(['CAPTURED', 'REFUNDED']).toContain(stateOf[from])
  })
})

describe('the rule of being paid', () => {
  it.each([
    ['settlement', '200', null, 'settlement'],
    ['settlement', '200', 'accept', 'settlement'],
    ['capture', '200', 'accept', 'capture'],
    ['capture', '201', 'challenge', 'challenge'],
    ['capture', '200', 'challenge', 'challenge'],
    ['settlement', '201', 'accept', 'challenge'],
    ['capture', '200', 'deny', 'deny'],
    ['pending', '201', 'accept', 'pending'],
    ['expire', '407', null, 'expire'],
  ])('reads %s with code %s and fraud status %s as %s', (...row) => {
    const [word, code, fraud, expected] = row
    expect(statusOf(word, code, fraud)).toBe(expected)
  })
  it.each(['new', 'challenge', 'paid', 'constructor', ''])('does not know the word %j', (word) => {
    expect(statusOf(word, '200', null)).toBeUndefined()
  })
})
