import { describe, expect, it } from 'vitest'
import { wronglyLogged, type Answer } from './effects.ts'

const [applied, superseded]: readonly [Answer, Answer] = [
  { about: 'pay', answer: '200 applied' },
  { about: 'pay', answer: '200 superseded' },
]
const other: Answer = { ...applied, about: 'other' }

describe('the log of what providers said', () => {
  it('has each notification once, with what was answered; not what was told again, nor what nobody signed', () => {
    const told = [applied, superseded, other, { about: 'pay', answer: '200 duplicate' }, { about: 'pay', answer: '403 refused' }]
    expect(wronglyLogged(told, [other, superseded, applied])).toBe(0)
  })

  it.each<[string, readonly Answer[], number]>([
    ['one is missing', [applied, other], 1],
    ['one is in it twice', [applied, superseded, superseded, other], 1],
    ['one has another outcome', [applied, applied, other], 2],
    ['one is of another payment', [applied, { ...superseded, about: 'other' }, other], 2],
    ["two of two payments have each other's outcome", [applied, applied, { about: 'other', answer: '200 superseded' }], 4],
    ['one was never said', [applied, superseded, other, { about: 'third', answer: '200 disputed' }], 1],
  ])('is wrong: %s', (_, log, times) => {
    expect(wronglyLogged([applied, superseded, other], log)).toBe(times)
  })
})
