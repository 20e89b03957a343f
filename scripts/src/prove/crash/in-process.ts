import { embodyInProcess, endSpares } from '../world/process-body.ts'
import { startProofServer } from '../world/server.ts'
import { expectedPoints } from './expected.ts'
import { openInterrupt, openProgress } from '../shares.ts'
import { planAgain, planTellings, type PlanOptions } from './plan.ts'
import { actors, type Telling } from './run.ts'
import { emptyTally, findPassages, openTowns, tellOne, type Tally } from './tell-all.ts'

/** How much is told, and which part of it this process tells. */
export interface CrashOptions extends Pick<PlanOptions, 'seeds' | 'singles' | 'pairs' | 'reduced' | 'seed'> {
  /** Only boundaries whose name matches. */
  readonly points?: RegExp | undefined
  /** This process tells each n-th story, from this one on. */
  readonly share: { readonly of: number; readonly nth: number }
  /** Each process is one of the operating system's, and dies of its SIGKILL. */
  readonly real: boolean
  /** Told at most; a sample of everything. */
  readonly most?: number | undefined
  /** Told for so long at most. */
  readonly minutes?: number | undefined
}

/** What one process found. */
export interface CrashFindings extends Pick<CrashOptions, 'seeds' | 'pairs'> {
  readonly points: number
  readonly pointsWithoutStory: readonly string[]
  /** Whether all of the share was told. */
  readonly isWhole: boolean
  readonly tally: Tally
}

/** Finds the boundaries, plans, and tells this process's share, on a PostgreSQL of its own. */
export async function proveInProcess(options: CrashOptions, say: (line: string) => void): Promise<CrashFindings> {
  const server = await startProofServer(say)
  const { real } = options
  let towns = openTowns(server)
  try {
    const { passages: all, faults } = await findPassages(towns)
    if (real) {
      await towns.stop()
      towns = openTowns(server, embodyInProcess)
    }
    const passages = new Map([...all].filter(([point]) => options.points?.test(point) ?? true))
    const tellings = planTellings({ ...options, passages, actors: real ? ['itself'] : actors })
    const mine = tellings.filter((_, index) => index % options.share.of === options.share.nth).slice(0, options.most)
    say(`${passages.size} boundaries, ${tellings.length} stories, ${mine.length} of them here`)
    const tally = emptyTally()
    tally.faults.push(...faults)
    const isAsked = openInterrupt()
    const until = performance.now() + (options.minutes ?? Number.POSITIVE_INFINITY) * 60_000
    let isCut = false
    const isInterrupted = () => (isCut ||= isAsked() || performance.now() >= until)
    const tell = async (list: readonly Telling[]) => {
      const progress = openProgress(list.length)
      for (const [before, telling] of list.entries()) {
        if (isInterrupted()) return
        const faultsBefore = tally.faults.length
        await tellOne(towns, telling, tally)
        tally.faults.slice(faultsBefore).forEach((fault) => say(`A FAULT: ${JSON.stringify(fault)}`))
        const told = before + 1
        if (told % saidEach === 0 || told === list.length)
          say(`${progress(told)}: ${tally.deaths} deaths, ${tally.faults.length} faults`)
      }
    }
    await tell(mine)
    for (const [round, together] of againTogether.entries())
      if (tally.missed.length > 0 && !isInterrupted())
        await tell(planAgain(tally.missed.splice(0), { seed: options.seed + round, together }))
    const pointsWithoutStory = expectedPoints().filter((point) => !all.has(point))
    const { seeds, pairs } = options
    return { seeds, pairs, points: passages.size, pointsWithoutStory, isWhole: options.most === undefined && !isCut, tally }
  } finally {
    await towns.stop()
    endSpares()
    await server.stop()
  }
}

/** Stories after which it says how far it is. */
const saidEach = 10
/** What did not happen is told again, in so many rounds: a few deaths in each story, and at last each in one of its own. */
const againTogether = [60, 8, 3, 1]
