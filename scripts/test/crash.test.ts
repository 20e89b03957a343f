import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectedPoints } from '../src/prove/crash/expected.ts'
import { planTellings, type Passages } from '../src/prove/crash/plan.ts'
import { actors } from '../src/prove/crash/run.ts'
import { emptyTally, findPassages, openTowns, tellOne, type Fault, type Towns } from '../src/prove/crash/tell-all.ts'
import { startProofServer, type ProofServer } from '../src/prove/world/server.ts'

const withinMs = 240_000

/** The proof `npm run prove:crash`, reduced: each boundary dies once, with a few others in the same story. */
describe('a market whose processes die at every boundary of a purchase', () => {
  let server: ProofServer
  let towns: Towns
  let passages: Passages
  let faults: readonly Fault[]
  beforeAll(async () => {
    server = await startProofServer(() => undefined)
    towns = openTowns(server)
    ;({ passages, faults } = await findPassages(towns))
  }, withinMs)
  afterAll(async () => {
    await towns.stop()
    await server.stop()
  }, withinMs)

  it('holds in every story as long as nothing dies', () => {
    expect(faults).toEqual([])
  })

  it('has boundaries at each step, undo, internal command, consumer and publication, and a story that passes them', () => {
    expect(expectedPoints().filter((point) => !passages.has(point))).toEqual([])
  })

  it(
    'loses nothing, does nothing twice and comes to its end, whoever dies',
    async () => {
      const tally = emptyTally()
      const tellings = planTellings({ passages, actors, seeds: 1, singles: 0, pairs: 5, reduced: true, seed: 20_261_121 })
      for (const telling of tellings) await tellOne(towns, telling, tally)
      expect(tally.faults).toEqual([])
      expect(tally.deaths).toBeGreaterThan(passages.size / 2)
      expect(Math.max(...tally.takeoversMs)).toBeLessThanOrEqual(10_000)
    },
    withinMs,
  )
})
