import { describe, expect, it } from 'vitest'
import { cancellationOf, decide, isEnd, isKnownEnd, isPicked, moves, passesPickup, type Scan, type Status } from './shipment.ts'

const statuses = Object.keys(moves) as Status[]
const scans = statuses.filter((status): status is Scan => status !== 'REQUESTED')
const noon = new Date('2026-11-18T05:00:00Z')
const later = new Date('2026-11-18T06:00:00Z')
const standing = (status: Status, picked = false) => ({ status, statusAt: noon, picked })

describe('a parcel', () => {
  it.each(statuses)('that is %s makes exactly the moves of the table', (status) => {
    const allowed: readonly Scan[] = moves[status]
    for (const to of scans)
      expect([to, decide(standing(status), { status: to, occurredAt: later })]).toEqual([
        to,
        allowed.includes(to) ? 'APPLIED' : status === 'CANCELLED' && isPicked(to) ? 'LATE' : 'REFUSED',
      ])
  })

  it.each(statuses.filter((status) => status !== 'REQUESTED' && !isEnd(status)))(
    'that is %s comes to whatever end its courier says',
    (status) => {
      for (const end of scans.filter(isEnd))
        expect([end, decide(standing(status), { status: end, occurredAt: later })]).toEqual([end, 'APPLIED'])
    },
  )

  it.each(scans)('can become %s', (scan) => {
    expect(statuses.some((status) => (moves[status] as readonly Scan[]).includes(scan))).toBe(true)
  })

  it.each(scans)('is moved by %s that is older than what is known only where nothing can come after it', (scan) => {
    const before = new Date(noon.getTime() - 1)
    expect(decide(standing('ALLOCATED'), { status: scan, occurredAt: before })).toBe(isEnd(scan) ? 'APPLIED' : 'LATE')
    expect(decide(standing('CANCELLED'), { status: scan, occurredAt: before })).toBe(scan === 'CANCELLED' ? 'REFUSED' : 'LATE')
  })

  it.each(['DELIVERED', 'RETURNED', 'LOST', 'CANCELLED'] as const)(
    'that has ended %s ends so once, whenever that is said again',
    (status) => {
      const before = new Date(noon.getTime() - 1)
      expect(isKnownEnd({ status }, { status })).toBe(true)
      expect(decide(standing(status), { status, occurredAt: before })).toBe('REFUSED')
      expect(isKnownEnd({ status: 'ALLOCATED' }, { status: 'ALLOCATED' })).toBe(false)
    },
  )

  it.each(statuses)(
    'of a cancelled order that is %s is called off as long as the table lets it and the courier does not have it',
    (status) => {
      const may = (moves[status] as readonly Scan[]).includes('CANCELLED')
      const expected = status === 'REQUESTED' ? 'AT_ONCE' : 'AT_COURIER'
      expect(cancellationOf(standing(status))).toBe(may ? expected : 'NONE')
      expect(cancellationOf(standing(status, true))).toBe('NONE')
    },
  )

  it('is compared with nothing before the courier’s first scan', () => {
    const told = { status: 'ALLOCATED', occurredAt: new Date(0) } as const
    expect(decide({ status: 'CONFIRMED', statusAt: null, picked: false }, told)).toBe('APPLIED')
  })

  it.each([
    ['DROPPING_OFF', false, true],
    ['DELIVERED', false, true],
    ['DELIVERED', true, false],
    ['PICKED', false, false],
    ['ON_HOLD', false, false],
    ['CANCELLED', false, false],
  ] as const)('that becomes %s (picked up before: %s) has passed the pickup unsaid: %s', (to, picked, expected) =>
    expect(passesPickup(standing('CONFIRMED', picked), to)).toBe(expected),
  )
})
