import { describe, expect, it } from 'vitest'
import { routerLimits } from '../safety/limits.ts'
import { openBreaker } from './breaker.ts'

const { breakerFailures, breakerOpenMs } = routerLimits

/** A breaker whose subgraph has not answered so often that it opened, and its clock. */
function opened() {
  const clock = { now: 1_000 }
  const breaker = openBreaker(() => clock.now)
  for (let failure = 0; failure < breakerFailures; failure += 1) breaker.note(false)
  return { breaker, clock }
}

describe('a breaker before a subgraph', () => {
  it('lets everything pass while answers come, also among failures', () => {
    const breaker = openBreaker()
    for (let round = 0; round < 3 * breakerFailures; round += 1) breaker.note(round % (breakerFailures - 1) === 0)
    expect(breaker.mayPass()).toBe(true)
  })

  it('opens after as many silences in a row as the limit says', () => {
    expect(opened().breaker.mayPass()).toBe(false)
  })

  it('lets one fetch at a time see whether the subgraph is back', () => {
    const { breaker, clock } = opened()
    clock.now += breakerOpenMs
    expect([breaker.mayPass(), breaker.mayPass()]).toEqual([true, false])
    breaker.note(false)
    expect(breaker.mayPass()).toBe(false)
    clock.now += breakerOpenMs
    expect(breaker.mayPass()).toBe(true)
    breaker.note(true)
    expect([breaker.mayPass(), breaker.mayPass()]).toEqual([true, true])
  })
})
