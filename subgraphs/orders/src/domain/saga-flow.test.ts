import { describe, expect, it } from 'vitest'
import { deadlineBegun, deadlinesSettled, dueAt } from './deadlines.ts'
import { orderStates } from './order.ts'
import { transitionNames, transitions } from './order-moves.ts'
import { after, backOffMs, endOf, endsOnWish, isImpatient, stepNames } from './saga-flow.ts'

describe('the way of a checkout', () => {
  it('goes through all steps to its end, and back to its end', () => {
    const way = (compensating: boolean, from: (typeof stepNames)[number]) => {
      const seen: string[] = []
      for (
        let place = { step: from, compensating } as ReturnType<typeof after>;
        place.step !== 'ended';
        place = after({ ...place, step: place.step })
      )
        seen.push(place.step)
      return seen
    }
    expect(way(false, 'lockCart')).toEqual(stepNames)
    expect(way(true, 'markPaid')).toEqual(stepNames.toReversed())
  })

  it('heeds a wish to end until the money is there', () => {
    expect(stepNames.filter((step) => !endsOnWish(step))).toEqual(['secureStock', 'confirmStock', 'markPaid'])
  })

  it('loses patience only while the buyer waits for an answer', () => {
    expect(stepNames.filter((step) => !isImpatient(step))).toEqual([
      'clearCart',
      'awaitPayment',
      'secureStock',
      'confirmStock',
      'markPaid',
    ])
  })

  it.each([
    ['CANCELLED_BY_BUYER', null, 'CANCELLED', 'CANCELLED_BY_BUYER'],
    ['CANCELLED_BY_BUYER', 'EXPIRED', 'CANCELLED', 'CANCELLED_BY_BUYER'],
    ['UNPAID', null, 'EXPIRED', 'UNPAID'],
    [null, 'EXPIRED', 'EXPIRED', 'UNPAID'],
    [null, 'DENIED', 'FAILED', 'PAYMENT_FAILED'],
    [null, null, 'FAILED', 'PAYMENT_FAILED'],
  ] as const)('that is wished to end as %s after payments said %s ends as %s', (...[ending, payment, state, reason]) => {
    expect(endOf(ending, payment)).toEqual({ state, reason })
  })

  it('leaves a silent participant alone longer and longer, half a minute at most', () => {
    expect([0, 1, 2, 20].map((attempts) => backOffMs(attempts, 1))).toEqual([200, 400, 800, 30_000])
    expect(backOffMs(0, 0)).toBe(100)
  })
})

describe('the deadlines of an order', () => {
  const now = new Date('2026-11-18T05:00:00Z')

  it('begin with the states that they run in, and with no other move', () => {
    const begun = transitionNames.flatMap((name) =>
      transitions[name].from.flatMap((from) => {
        const kind = deadlineBegun(from, transitions[name].to)
        return kind ? [`${from} → ${transitions[name].to}: ${kind}`] : []
      }),
    )
    expect([...new Set(begun)]).toEqual([
      'AWAITING_PAYMENT → PAID: ACCEPT',
      'CANCELLED → PAID: ACCEPT',
      'PAID → ACCEPTED: SHIP',
      'ACCEPTED → DELIVERED: COMPLETE',
      'READY_TO_SHIP → DELIVERED: COMPLETE',
      'SHIPPED → DELIVERED: COMPLETE',
    ])
  })

  it('are all settled at the end', () => {
    for (const state of ['COMPLETED', 'CANCELLED'] as const)
      expect(deadlinesSettled(state)).toEqual(['PAY', 'ACCEPT', 'SHIP', 'COMPLETE'])
    for (const state of orderStates) expect(deadlinesSettled(state).length).toBeGreaterThanOrEqual(3)
  })

  it.each([
    ['PAY', 24],
    ['ACCEPT', 48],
    ['SHIP', 72],
    ['COMPLETE', 72],
  ] as const)('%s is due after %i hours', (kind, hours) => {
    expect(dueAt(kind, now).getTime() - now.getTime()).toBe(hours * 3_600_000)
  })
})
