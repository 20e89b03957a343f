import fc from 'fast-check'
import { openTowns, type Towns } from '../crash/tell-all.ts'
import { openInterrupt, openProgress } from '../shares.ts'
import { startProofServer } from '../world/server.ts'
import { beginningOf, commands } from './commands.ts'
import { fatesOfSales, newModel } from './model.ts'
import { openReal, startPrice, startUnits } from './real.ts'

/** How many lives, and which of them this process lives. */
export interface LivesOptions {
  readonly runs: number
  readonly commandsMax: number
  readonly seed: number
  readonly secondsMax: number
  readonly share: { readonly of: number; readonly nth: number }
}

/** A life that did not go as the model's. */
interface Failure {
  readonly seed: number
  /** The shortest one that was found, in words. */
  readonly told: readonly string[]
  readonly error: string
}

/** What lives came to. */
export interface Lives {
  runs: number
  commands: number
  deaths: number
  /** How often each command came. */
  readonly of: Record<string, number>
  /** Whether it was told to end before all were lived. */
  isCutShort: boolean
  failure?: Failure
}

const runsPerBatch = 10
/** What a batch may take, with finding the shortest life that fails; the lives of one that takes longer are missing in the end. */
const batchSecondsMax = 600

/** Lives through this process's share of the lives, on a PostgreSQL of its own, up to the first that fails. */
export async function liveInProcess(options: LivesOptions, say: (line: string) => void): Promise<Lives> {
  const { runs, seed, share, secondsMax } = options
  const server = await startProofServer(say)
  const towns = openTowns(server)
  const lives: Lives = { runs: 0, commands: 0, deaths: 0, of: {}, isCutShort: false }
  const batches = Math.ceil(runs / runsPerBatch)
  const mine = Array.from({ length: batches }, (_, batch) => batch).filter((batch) => batch % share.of === share.nth)
  const sizeOf = (batch: number) => Math.min(runsPerBatch, runs - batch * runsPerBatch)
  const progress = openProgress(mine.reduce((sum, batch) => sum + sizeOf(batch), 0))
  const isInterrupted = openInterrupt()
  const until = performance.now() + secondsMax * 1000
  try {
    for (const batch of mine) {
      lives.isCutShort = isInterrupted() || performance.now() > until
      if (lives.isCutShort) break
      const failure = await liveBatch({ towns, lives, options }, { seed: seed + batch, runs: sizeOf(batch) })
      if (failure) return { ...lives, failure }
      say(`${progress(lives.runs)}: ${lives.commands} commands, ${lives.deaths} deaths`)
    }
    return lives
  } finally {
    await towns.stop()
    await server.stop()
  }
}

interface Living {
  readonly towns: Towns
  readonly lives: Lives
  readonly options: LivesOptions
}

async function liveBatch(living: Living, { seed, runs }: { seed: number; runs: number }): Promise<Failure | undefined> {
  let last: Omit<Failure, 'seed'> | undefined
  const arbitrary = fc.commands(commands, { maxCommands: living.options.commandsMax, size: 'max' })
  const property = fc.asyncProperty(fc.noShrink(fc.nat()), arbitrary, async (chance, steps) => {
    const told: string[] = []
    try {
      await liveOnce(living, { chance, steps, told })
    } catch (error) {
      last = { told, error: (error as Error).stack ?? String(error) }
      throw error
    }
  })
  const { failed } = await fc.check(property, { numRuns: runs, seed, interruptAfterTimeLimit: batchSecondsMax * 1000 })
  return failed && last ? { seed, ...last } : undefined
}

interface Life {
  readonly chance: number
  readonly steps: Parameters<typeof fc.asyncModelRun>[1]
  readonly told: string[]
}

async function liveOnce({ towns, lives }: Living, { chance, steps, told }: Life): Promise<void> {
  const town = await towns.town()
  const { world } = town
  const real = await openReal(town, chance, told)
  const goods = Array.from({ length: real.goods.length }, () => ({ price: startPrice, free: startUnits }))
  const model = newModel(world.clock.now().getTime(), goods)
  try {
    const life = [...beginningOf(chance), ...steps]
    await fc.asyncModelRun(() => ({ model, real }), life)
    const broken = await world.invariants.settled()
    if (broken.length > 0) throw new Error(broken.map(({ invariant, what }) => `${invariant}: ${what}`).join('\n'))
  } catch (error) {
    towns.spoil()
    throw error
  } finally {
    world.watch = async () => undefined
    await world.revive()
    lives.runs += 1
    lives.commands += told.length
    lives.deaths += real.deaths
    const names = [...told.map((one) => one.replace(/\(.*/, '')), ...fatesOfSales(model)]
    for (const name of names) lives.of[name] = (lives.of[name] ?? 0) + 1
  }
}
