import { randomFrom } from '../cache/random.ts'
import type { Actor, Death, Telling } from './run.ts'
import type { Story } from './stories.ts'

/** How often each boundary is reached, in each story that is told without deaths. */
export type Passages = ReadonlyMap<string, readonly Passage[]>

interface Passage {
  readonly story: Story
  readonly count: number
}

/** What is to be told. */
export interface PlanOptions {
  readonly passages: Passages
  readonly actors: readonly Actor[]
  /** How often each boundary is died at by each actor. */
  readonly seeds: number
  /** In so many of them one of those who die at each boundary does so alone in its story; the others share one story with a few more. */
  readonly singles: number
  /** So many stories in which a second death strikes what the first one left. */
  readonly pairs: number
  /** Each boundary with one actor, not with all. */
  readonly reduced: boolean
  readonly seed: number
}

/** Deaths that share one story, and of them those at one boundary. */
const sharedMax = 60
const mostAtOnePoint = 3
const nthMax = 3
const seedsPerRound = 5

/** Every story that must be told: each boundary with each actor as often as asked for, then pairs. */
export function planTellings(options: PlanOptions): Telling[] {
  const chance = randomFrom(options.seed)
  const cells = cellsOf(options, chance)
  const alone = cells.filter(({ isAlone }) => isAlone)
  const shared = rounds(options.seeds).map((isOf) => cells.filter(({ index, isAlone }) => !isAlone && isOf(index)))
  let next = options.seed * 1_000_000
  const telling = (story: Story, deaths: readonly Death[]): Telling => ({ story, deaths, seed: (next += 1) })
  const singly = alone.map(({ story, death }) => telling(story, [death]))
  const together = shared
    .flatMap((some) => groupsOf(shuffled(some, chance), { most: sharedMax, mostAtOne: mostAtOnePoint }))
    .map(([story, deaths]) => telling(story, deaths))
  const inPairs = pairsOf(options, chance).map(([story, deaths]) => telling(story, deaths))
  // What is most goes last: it is what a run that is stopped leaves out.
  return [...singly, ...inPairs, ...together]
}

/** Deaths that did not happen, so many in one story, the first time that their boundaries are reached. */
export const planAgain = (
  missed: readonly { readonly story: Story; readonly death: Death }[],
  { seed, together }: { readonly seed: number; readonly together: number },
): Telling[] =>
  groupsOf(
    missed.map(({ story, death }) => ({ story, death: { ...death, nth: 1 } })),
    { most: together, mostAtOne: 1 },
  ).map(([story, deaths], index) => ({ story, deaths, seed: seed + index }))

/** A few seeds after the other: whoever is stopped has let everybody die at every boundary nearly as often. */
const rounds = (seeds: number) =>
  Array.from(
    { length: Math.ceil(seeds / seedsPerRound) },
    (_, nth) => (index: number) => Math.floor(index / seedsPerRound) === nth,
  )

interface Cell {
  readonly index: number
  readonly isAlone: boolean
  readonly story: Story
  readonly death: Death
}

function cellsOf({ passages, actors, seeds, singles, reduced }: PlanOptions, chance: () => number): Cell[] {
  const cells: Cell[] = []
  for (let index = 0; index < seeds; index++)
    for (const [place, [point, ways]] of [...passages].entries())
      for (const actor of reduced ? [actors[Math.floor(chance() * actors.length)]!] : actors) {
        const isAlone = index < singles && actor === actors[(place + index) % actors.length]
        cells.push({ index, isAlone, ...placeOf(point, { ways, actor, chance }) })
      }
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

interface Most {
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
function pairsOf({ passages, actors, pairs }: PlanOptions, chance: () => number): [Story, Death[]][] {
  const points = [...passages.keys()]
  const pick = <T>(choices: readonly T[]) => choices[Math.floor(chance() * choices.length)]!
  return Array.from({ length: pairs }, () => {
    const first = pick(points)
    const { story, death } = placeOf(first, { ways: passages.get(first)!, actor: pick(actors), chance })
    const others = points.filter((point) => passages.get(point)!.some((way) => way.story === story))
    return [story, [{ ...death, next: { point: pick(others), nth: 1, actor: pick(actors) } }]]
  })
}

function shuffled<T>(list: readonly T[], chance: () => number): T[] {
  return list
    .map((one) => [chance(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one)
}
