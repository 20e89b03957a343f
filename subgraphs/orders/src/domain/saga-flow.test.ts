import { describe, expect, it } from 'vitest'
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
