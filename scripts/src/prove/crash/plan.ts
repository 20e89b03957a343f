import { createHash } from 'node:crypto'
import { randomFrom } from '../random.ts'
import type { Actor, Death } from './deaths.ts'
import type { Telling } from './run.ts'
import type { Story } from './story.ts'

/** The stories that pass each boundary when they are told without deaths. */
export type Passages = ReadonlyMap<string, readonly Passage[]>

/** A story that passes a boundary, and how often. */
export interface Passage {
  readonly story: Story
  readonly count: number
  /** All that the story passes, one after the other. */
  readonly passed: readonly string[]
}

/** What is to be told. */
export interface PlanOptions {
  readonly passages: Passages
  readonly actors: readonly Actor[]
  /** How often each boundary is died at by each actor. */
  readonly seeds: number
  /** So many times a second death strikes what a first one left. */
  readonly pairs: number
  /** Each boundary with one actor, not with all. */
  readonly reduced: boolean
  readonly seed: number
}

const shared: Most = { most: 60, mostAtOne: 3 }
/**
 * What did not happen is told again, in so many rounds: in each story one death at each boundary, and at last each in a story of its own, a
 * second one elsewhere each time.
 */
export const againTogether: readonly Most[] = [60, 8, 3, 1, 1, 1].map((most) => ({ most, mostAtOne: 1 }))
/** Pairs share a story with fewer: what a first death has left is to be struck, and not what many have. */
const pairsShared: Most = { most: 6, mostAtOne: 1 }
const nthMax = 3
const seedsPerRound = 10

/** Every story that must be told: pairs, and each boundary with each actor as often as asked for. */
export function planTellings(options: PlanOptions): Telling[] {
  const chance = randomFrom(options.seed)
  const cells = cellsOf(options, chance)
  const inPairs = groupsOf(pairsOf(options, chance), pairsShared)
  const inRounds = rounds(options.seeds).map((isOf) => cells.filter(({ index }) => isOf(index)))
  const inGroups = inRounds.flatMap((round) => groupsOf(shuffled(round, chance), shared))
  // What is most goes last: it is what a run that is stopped leaves out.
  return [...inPairs, ...inGroups].map(([story, deaths], index) => ({
    story,
    deaths,
    seed: options.seed * 1_000_000 + index + 1,
  }))
}

/** Deaths that did not happen, so many in one story, the first time that their boundaries are reached. */
export const planAgain = (
  missed: readonly { readonly story: Story; readonly death: Death }[],
  { seed, together }: { readonly seed: number; readonly together: Most },
): Telling[] =>
  groupsOf(
    missed.map(({ story, death }) => ({ story, death: { ...death, nth: 1 } })),
    together,
  ).map(([story, deaths], index) => ({ story, deaths, seed: seed + index }))

/** A few seeds after the other: whoever is stopped has let everybody die at every boundary nearly as often. */
const rounds = (seeds: number) =>
  Array.from(
    { length: Math.ceil(seeds / seedsPerRound) },
    (_, nth) => (index: number) => Math.floor(index / seedsPerRound) === nth,
  )

interface Cell {
  readonly index: number
  readonly story: Story
  readonly death: Death
}

function cellsOf({ passages, actors, seeds, reduced }: PlanOptions, chance: () => number): Cell[] {
  const cells: Cell[] = []
  for (let index = 0; index < seeds; index++)
    for (const [point, ways] of passages)
      for (const actor of reduced ? [actors[Math.floor(chance() * actors.length)]!] : actors)
        cells.push({ index, ...placeOf(point, { ways, actor, chance }) })
  return cells
}

interface Place {
  readonly ways: readonly Passage[]
  readonly actor: Actor
  readonly chance: () => number
}

function placeOf(point: string, { ways, actor, chance }: Place): Pick<Cell, 'story' | 'death'> {
  const { story, count } = ways[Math.floor(chance() * ways.length)]!
  return { story, death: { point, nth: 1 + Math.floor(chance() * Math.min(count, nthMax)), actor } }
}

/** How many deaths share one story. */
export interface Most {
  readonly most: number
  /** Of them at one boundary: whoever comes back to it dies there again. */
  readonly mostAtOne: number
}

/** Deaths of one story together. */
function groupsOf(cells: readonly Pick<Cell, 'story' | 'death'>[], { most, mostAtOne }: Most): [Story, Death[]][] {
  const groups: [Story, Death[]][] = []
  /** By story, those that are not full: most are, and looking through them each time would take longer and longer. */
  const open = new Map<Story, Death[][]>()
  for (const { story, death } of cells) {
    const here = open.get(story) ?? []
    open.set(story, here)
    let deaths = here.find((some) => some.filter(({ point }) => point === death.point).length < mostAtOne)
    if (!deaths) {
      groups.push([story, (deaths = [])])
      here.push(deaths)
    }
    deaths.push(death)
    if (deaths.length >= most) here.splice(here.indexOf(deaths), 1)
  }
  return groups
}

/** A second death at a boundary that is reached after the first one, in the same story. */
function pairsOf({ passages, actors, pairs }: PlanOptions, chance: () => number): Pick<Cell, 'story' | 'death'>[] {
  const pick = <T>(choices: readonly T[]) => choices[Math.floor(chance() * choices.length)]!
  const firsts = [...passages].flatMap(([point, ways]) =>
    ways.flatMap(({ story, passed }) => {
      const after = [...new Set(passed.slice(passed.indexOf(point) + 1))]
      return after.length > 0 ? [{ story, point, after }] : []
    }),
  )
  const isPaired = new Set(firsts.map(({ point }) => point))
  const points = [...passages.keys()].filter((point) => isPaired.has(point))
  if (points.length === 0) return []
  return Array.from({ length: pairs }, () => {
    const here = pick(points)
    const { story, point, after } = pick(firsts.filter((first) => first.point === here))
    return { story, death: { point, nth: 1, actor: pick(actors), next: { point: pick(after), nth: 1, actor: pick(actors) } } }
  })
}

/** What a plan lets happen, without how often a boundary was reached before: two processes may count that differently. */
export const planHash = (tellings: readonly Telling[]): string =>
  createHash('sha256')
    .update(JSON.stringify(tellings.map(({ story, seed, deaths }) => [story.name, seed, deaths.map(whatOf)])))
    .digest('hex')

const whatOf = ({ point, actor, next }: Death): unknown[] => [point, actor, ...(next ? whatOf(next) : [])]

/** A boundary and who is to die there. */
export interface PlannedCell {
  readonly point: string
  readonly actor: Actor
}

/** The boundaries of a plan, each with those who are to die there. */
export const plannedCells = (tellings: readonly Telling[]): PlannedCell[] => [
  ...new Map(
    tellings.flatMap(({ deaths }) => deaths.map(({ point, actor }) => [`${point} ${actor}`, { point, actor }] as const)),
  ).values(),
]

function shuffled<T>(list: readonly T[], chance: () => number): T[] {
  return list
    .map((one) => [chance(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one)
}
