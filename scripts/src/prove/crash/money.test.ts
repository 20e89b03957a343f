import { describe, expect, it } from 'vitest'
import { contradictionsOfBooks } from './books.ts'
import { contradictionsOfStatement, type Statement } from './statements.ts'

describe('what a story brings onto the accounts', () => {
  const before = { PROVIDER_CLEARING: 100, 'BUYER_WALLET:usr': -20, COMMISSION: -7 }
  const must = { PROVIDER_CLEARING: 40, COMMISSION: -2 }
  const after = { ...before, PROVIDER_CLEARING: 140, COMMISSION: -9 }

  it('is what it must be', () => {
    expect(contradictionsOfBooks(before, after, must)).toEqual([])
  })

  it.each([
    ['money that came twice', { PROVIDER_CLEARING: 180 }, 'PROVIDER_CLEARING gained 80, not 40'],
    ['money on an account of which nobody said anything', { PAYOUT: -5 }, 'PAYOUT gained -5, not 0'],
    ['money that is not there', { COMMISSION: -7 }, 'COMMISSION gained 0, not -2'],
  ])('contradicts itself: %s', (_, change, what) => {
    expect(contradictionsOfBooks(before, { ...after, ...change }, must)).toEqual([{ invariant: 'I3', what }])
  })
})

describe('a statement', () => {
  const entry = (kind: string, amount: number, balance: number) => ({
    node: { kind, amount: { amount }, balance: { amount: balance } },
  })
  const [settled, taken] = [entry('SETTLEMENT', 90, 100), entry('WITHDRAWAL', -40, 60)]
  const sound: Statement = { opening: { amount: 10 }, closing: { amount: 60 }, edges: [taken, settled] }
  const must = { ledger: 60, entries: ['SETTLEMENT 90', 'WITHDRAWAL -40'] }

  it('says each movement of a story once and adds up to the ledger', () => {
    expect(contradictionsOfStatement(sound, must)).toEqual([])
  })

  it.each<[string, Partial<Statement>, string]>([
    [
      'a movement is there twice',
      { edges: [entry('WITHDRAWAL', -40, 20), taken, settled], closing: { amount: 20 } },
      'says SETTLEMENT 90,WITHDRAWAL -40,WITHDRAWAL -40',
    ],
    ['a movement is missing', { edges: [settled] }, 'says SETTLEMENT 90, not'],
    ['a settlement is of another amount', { edges: [taken, entry('SETTLEMENT', 91, 101)] }, 'says SETTLEMENT 91'],
    ['a balance is not what the movement before it left', { edges: [entry('WITHDRAWAL', -40, 61), settled] }, 'does not add up'],
    ['it begins elsewhere', { opening: { amount: 11 } }, 'does not add up'],
  ])('contradicts itself: %s', (_, change, what) => {
    expect(contradictionsOfStatement({ ...sound, ...change }, must)[0]).toContain(what)
  })

  it('contradicts the ledger where that ends elsewhere', () => {
    expect(contradictionsOfStatement(sound, { ...must, ledger: 61 })).toEqual(['ends at 60, the ledger at 61'])
  })
})
