import { describe, expect, it } from 'vitest'
import { decideSpentToken, type SpentToken } from './refresh.ts'

const now = new Date('2026-11-18T05:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
const spent: SpentToken = {
  usedAt: ago(5),
  expiresAt: ago(-86_400),
  sessionEndedAt: null,
  suspendedAt: null,
  successorUsed: false,
}

describe('a refresh token that was used before', () => {
  it.each([
    ['gets the lost reply again within ten seconds', { usedAt: ago(10) }, 'REPEAT'],
    ['was stolen when it comes later', { usedAt: ago(10.001) }, 'STOLEN'],
    ['was stolen when the reply had arrived', { successorUsed: true }, 'STOLEN'],
    ['is over with its session', { sessionEndedAt: ago(1) }, 'ENDED'],
    ['is over with a suspended account', { suspendedAt: ago(1) }, 'ENDED'],
  ] as const)('%s', (_, change, decision) => {
    expect(decideSpentToken({ ...spent, ...change }, now)).toBe(decision)
  })

  it('is no theft when it was never used, only too old, or never there', () => {
    expect(decideSpentToken({ ...spent, usedAt: null, expiresAt: ago(1) }, now)).toBe('ENDED')
    expect(decideSpentToken(undefined, now)).toBe('ENDED')
  })
})
