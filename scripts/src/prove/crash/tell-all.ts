import type { Broken } from '../invariants/broken.ts'
import type { Embody } from '../world/body.ts'
import { openWorld } from '../world/world.ts'
import type { ProofServer } from '../world/server.ts'
import { againTogether, planAgain, type Passage, type Passages } from './plan.ts'
import { tellStory, type Telling, type Told } from './run.ts'
import { stories } from './stories.ts'
import { foundTown, type Town } from './town.ts'

/** What went wrong in one telling. */
export interface Fault {
  readonly story: string
  readonly seed: number
  readonly deaths: Telling['deaths']
  readonly broken: readonly Broken[]
}

/** A death that a story did not come to. */
type Missed = Pick<Telling, 'story'> & { readonly death: Telling['deaths'][number] }

/** What came of many tellings. */
export interface Tally {
  tellings: number
  deaths: number
  /** Of them those that struck what an earlier one had left. */
  pairs: number
  snapshots: number
  /** Deaths by boundary, and there by who died. */
  readonly deathsAt: Record<string, Record<string, number>>
  /** Deaths that did not happen, because the story went another way after an earlier one: they are told again. */
  readonly missed: Missed[]
  readonly takeoversMs: number[]
  readonly faults: Fault[]
}

export const emptyTally = (): Tally => ({
  tellings: 0,
  deaths: 0,
  pairs: 0,
  snapshots: 0,
  deathsAt: {},
  missed: [],
  takeoversMs: [],
  faults: [],
})

/** A town that is replaced before it grows old: what is looked at after each story stays small. */
export interface Towns {
  /** The town of now; another one after so many stories, or after one that broke it. */
  town(): Promise<Town>
  spoil(): void
  stop(): Promise<void>
}

const storiesPerTown = 40

export function openTowns(server: ProofServer, embody?: Embody): Towns {
  let open: { readonly town: Town; readonly close: () => Promise<void>; told: number } | undefined
  const close = async () => {
    const old = open
    open = undefined
    await old?.close()
  }
  const found = async () => {
    const set = await server.newSet()
    const world = await openWorld({
      urlFor: set.urlFor,
      adminUrl: server.adminUrl,
      crashDatabase: server.crash,
      ...(embody && { embody }),
    })
    return {
      town: await foundTown(world),
      told: 0,
      close: async () => {
        await world.stop()
        await set.drop()
      },
    }
  }
  return {
    town: async () => {
      if (open && open.told >= storiesPerTown) await close()
      open ??= await found()
      open.told += 1
      return open.town
    },
    spoil: () => {
      if (open) open.told = storiesPerTown
    },
    stop: close,
  }
}

/** Tells every story without deaths: which boundaries each passes, and that it holds at all. */
export async function findPassages(towns: Towns): Promise<{ readonly passages: Passages; readonly faults: readonly Fault[] }> {
  const passages = new Map<string, Passage[]>()
  const faults: Fault[] = []
  for (const [seed, story] of stories.entries()) {
    const { passed, broken } = await tellStory(await towns.town(), { story, seed, deaths: [] })
    if (broken.length > 0) faults.push({ story: story.name, seed, deaths: [], broken })
    for (const point of new Set(passed)) {
      const count = passed.filter((one) => one === point).length
      passages.set(point, [...(passages.get(point) ?? []), { story, count, passed }])
    }
  }
  return { passages, faults }
}

/** How much is told, and who hears of it. */
export interface TellingAll {
  readonly tally: Tally
  readonly seed: number
  readonly isInterrupted?: () => boolean
  /** Called after each story: how many of how many are told. */
  readonly each?: (told: number, all: number) => void
}

/** Tells stories, and what did not happen in them again; adds up what came of it. */
export async function tellAll(towns: Towns, tellings: readonly Telling[], options: TellingAll): Promise<void> {
  const { tally, seed, isInterrupted = () => false } = options
  await tellList(towns, tellings, options)
  for (const [round, together] of againTogether.entries())
    if (tally.missed.length > 0 && !isInterrupted())
      await tellList(towns, planAgain(tally.missed.splice(0), { seed: seed + round, together }), options)
}

async function tellList(
  towns: Towns,
  list: readonly Telling[],
  { tally, isInterrupted = () => false, each }: TellingAll,
): Promise<void> {
  for (const [before, telling] of list.entries()) {
    if (isInterrupted()) return
    const told = await tellStory(await towns.town(), telling)
    note(tally, telling, told)
    if (told.broken.length > 0) towns.spoil()
    each?.(before + 1, list.length)
  }
}

function note(tally: Tally, { story, seed, deaths }: Telling, told: Told): void {
  tally.tellings += 1
  tally.deaths += told.died.length
  tally.pairs += told.pairs
  tally.snapshots += told.snapshots
  tally.takeoversMs.push(...told.takeoversMs)
  for (const { point, actor } of told.died) {
    const here = (tally.deathsAt[point] ??= {})
    here[actor] = (here[actor] ?? 0) + 1
  }
  tally.missed.push(...told.missed.map((death) => ({ story, death })))
  if (told.broken.length > 0) tally.faults.push({ story: story.name, seed, deaths, broken: told.broken })
}
