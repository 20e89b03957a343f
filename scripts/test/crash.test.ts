import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectedPoints, leftOut } from '../src/prove/crash/expected.ts'
import { planTellings, type Passages } from '../src/prove/crash/plan.ts'
import { actors } from '../src/prove/crash/deaths.ts'
import { emptyTally, findPassages, openTowns, tellAll, type Fault, type Towns } from '../src/prove/crash/tell-all.ts'
import { startProofServer, type ProofServer } from '../src/prove/world/server.ts'

// It takes about 80 seconds of processor; whoever has to share two cores waits longer.
const withinMs = 480_000

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

  it('has boundaries at each step, undo, command, consumer and publication, and a story that passes them', () => {
    expect(expectedPoints().filter((point) => !passages.has(point))).toEqual([])
  })

  it('leaves nothing out that one of its stories has', () => {
    const passed = [...passages.keys()]
    expect(leftOut().filter((beginning) => passed.some((point) => point.startsWith(beginning)))).toEqual([])
  })

  it(
    'loses nothing, does nothing twice and comes to its end, whoever dies',
    async () => {
      const tally = emptyTally()
      const seed = 20_261_121
      const tellings = planTellings({ passages, actors, seeds: 1, pairs: 5, reduced: true, seed })
      await tellAll(towns, tellings, { tally, seed })
      expect(tally.faults).toEqual([])
      expect(tally.missed).toEqual([])
      expect([...passages.keys()].filter((point) => !tally.deathsAt[point])).toEqual([])
      expect(tally.pairs).toBeGreaterThanOrEqual(5)
      expect(tally.takeoversMs.length).toBeGreaterThan(0)
      expect(Math.max(...tally.takeoversMs)).toBeLessThanOrEqual(10_000)
    },
    withinMs,
  )
})
