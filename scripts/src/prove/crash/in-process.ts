import { embodyInProcess, endSpares } from '../world/process-body.ts'
import { startProofServer } from '../world/server.ts'
import { expectedPoints } from './expected.ts'
import { openInterrupt, openProgress } from '../shares.ts'
import { actors } from './deaths.ts'
import { planHash, plannedCells, planTellings, type PlanOptions } from './plan.ts'
import { emptyTally, findPassages, openTowns, tellAll, type Tally } from './tell-all.ts'

/** How much is told, and which part of it this process tells. */
export interface CrashOptions extends Pick<PlanOptions, 'seeds' | 'pairs' | 'reduced' | 'seed'> {
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
  /** What all processes tell together: each makes the same plan for itself. */
  readonly plan: { readonly hash: string; readonly cells: ReturnType<typeof plannedCells> }
  /** Whether only a part of the share was told. */
  readonly isCut: boolean
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
    await tellAll(towns, mine, { tally, seed: options.seed, isInterrupted, each: openTale(tally, say) })
    const pointsWithoutStory = expectedPoints().filter((point) => !all.has(point))
    const { seeds, pairs } = options
    const plan = { hash: planHash(tellings), cells: plannedCells(tellings) }
    return { seeds, pairs, points: passages.size, pointsWithoutStory, plan, isCut: isCut || options.most !== undefined, tally }
  } finally {
    await towns.stop()
    endSpares()
    await server.stop()
  }
}

/** Says what is found, and now and then how far it is. */
function openTale(tally: Tally, say: (line: string) => void) {
  let faults = tally.faults.length
  let progress = openProgress(0)
  return (told: number, all: number): void => {
    if (told === 1) progress = openProgress(all)
    for (; faults < tally.faults.length; faults++) say(`A FAULT: ${JSON.stringify(tally.faults[faults])}`)
    if (told % saidEach === 0 || told === all) say(`${progress(told)}: ${tally.deaths} deaths, ${tally.faults.length} faults`)
  }
}

/** Stories after which it says how far it is. */
const saidEach = 10
