import { describe, expect, it } from 'vitest'
import { deadlineKinds, deadlinesBegun, deadlinesSettled, dueAt, passingOf } from './deadlines.ts'
import { orderStates, type OrderState } from './order.ts'
import { mayMove, rowOf, transitionNames } from './order-moves.ts'
import type { Facts } from './transition.ts'

const now = new Date('2026-11-18T05:00:00Z')

/** Every step of the table from one state into another. */
const steps = transitionNames.flatMap((name) => {
  const { from, to } = rowOf(name)
  return to === 'SAME' ? [] : from.map((state) => [state, to] as const)
})

describe('the deadlines of an order', () => {
  it('begin with the states that they run in, and with no other move', () => {
    const begun = steps.flatMap(([from, to]) => deadlinesBegun(from, to).map((kind) => `${from} → ${to}: ${kind}`))
    expect([...new Set(begun)]).toEqual([
      'AWAITING_PAYMENT → PAID: ACCEPT',
      'CANCELLED → PAID: ACCEPT',
      'PAID → ACCEPTED: SHIP',
      'ACCEPTED → CANCEL_REQUESTED: ANSWER_CANCEL',
      'READY_TO_SHIP → CANCEL_REQUESTED: ANSWER_CANCEL',
      'ACCEPTED → DELIVERED: COMPLETE',
      'READY_TO_SHIP → DELIVERED: COMPLETE',
      'CANCEL_REQUESTED → DELIVERED: COMPLETE',
      'CANCELLING → DELIVERED: COMPLETE',
      'SHIPPED → DELIVERED: COMPLETE',
      'RETURNING → DELIVERED: COMPLETE',
      'DELIVERED → RETURN_REQUESTED: ANSWER_RETURN',
      'RETURN_REQUESTED → RETURN_APPROVED: SEND_BACK',
      'RETURN_REQUESTED → RETURN_REFUSED: ESCALATE',
      'RETURN_REFUSED → MEDIATION: MEDIATE',
      'RETURN_APPROVED → RETURN_UNBOOKED: FIND_COURIER',
      'RETURN_UNBOOKED → RETURN_APPROVED: SEND_BACK',
      'RETURN_APPROVED → RETURN_ARRIVED: INSPECT',
      'RETURN_UNBOOKED → RETURN_ARRIVED: INSPECT',
      'RETURN_CANCELLING → RETURN_ARRIVED: INSPECT',
      'RETURN_SENT → RETURN_ARRIVED: INSPECT',
      'RETURN_APPROVED → MEDIATION: MEDIATE',
      'RETURN_UNBOOKED → MEDIATION: MEDIATE',
      'RETURN_CANCELLING → MEDIATION: MEDIATE',
      'RETURN_SENT → MEDIATION: MEDIATE',
      'RETURN_ARRIVED → MEDIATION: MEDIATE',
    ])
  })

  it('are all settled at the end', () => {
    for (const state of ['COMPLETED', 'CANCELLED'] as const) expect(deadlinesSettled(state)).toEqual(deadlineKinds)
    for (const state of orderStates) expect(deadlinesSettled(state).length).toBeGreaterThanOrEqual(deadlineKinds.length - 2)
  })

  it('move an order from every state in which they run, however it came there', () => {
    for (const kind of deadlineKinds) {
      const passed = passingOf(kind)
      if (typeof passed === 'string') continue
      for (const state of orderStates.filter((one) => !deadlinesSettled(one).includes(kind))) {
        for (const returnSolution of ['RETURN_AND_REFUND', 'REFUND_ONLY'] as const) {
          const order: Facts = {
            state,
            paidAt: now,
            shipLate: false,
            booked: false,
            cancelAsked: true,
            returnSolution,
            returnBooked: true,
          }
          expect([kind, state, passed.some((name) => mayMove(order, name))]).toEqual([kind, state, true])
          expect(passed.every((name) => rowOf(name).by.includes('SYSTEM'))).toBe(true)
        }
      }
    }
  })

  it('run in every state in which money waits for a person, but the hands of a courier', () => {
    const withCourier: readonly OrderState[] = ['CANCELLING', 'SHIPPED', 'RETURNING', 'RETURN_CANCELLING', 'RETURN_SENT']
    const ended: readonly OrderState[] = ['COMPLETED', 'CANCELLED']
    const running = orderStates.filter((state) => deadlinesSettled(state).length < deadlineKinds.length)
    expect(running).toEqual(orderStates.filter((state) => !withCourier.includes(state) && !ended.includes(state)))
  })

  it.each([
    ['PAY', 24],
    ['ACCEPT', 48],
    ['SHIP', 72],
    ['ANSWER_CANCEL', 24],
    ['COMPLETE', 72],
    ['ANSWER_RETURN', 48],
    ['SEND_BACK', 120],
    ['INSPECT', 48],
    ['ESCALATE', 48],
    ['MEDIATE', 168],
  ] as const)('%s is due after %i hours', (kind, hours) => {
    expect(dueAt(kind, now).getTime() - now.getTime()).toBe(hours * 3_600_000)
  })
})
