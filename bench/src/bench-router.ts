import { divideCores, machine } from './common/cores.ts'
import { table } from './common/table.ts'
import { openArena, type Arena, type Running } from './router/arena.ts'
import { contestants, type Contestant } from './router/contestants.ts'
import { askAll, difference, type Answers } from './router/equal.ts'
import type { Load } from './router/loads.ts'
import { readOptions, type Options } from './router/options.ts'
import { generator, sample, warmUp, type Rounds, type Sample } from './router/rounds.ts'
import { rowsOf, targetsOf } from './router/summary.ts'

/** `npm run bench:router -- [--json] [--only ours,vanilla] [--loads light] [--rounds 5] [--seconds 6] [--profile folder]` */
const say = (line: string) => console.error(line)

/** What a contestant's answers to a load were found to be. */
interface Checked {
  readonly contestant: string
  readonly load: string
  readonly equal: boolean
  readonly why: string | undefined
  readonly fetches: number
  readonly representations: number
  readonly subgraphKb: number
  readonly responseKb: number
}

const takesPart = ({ loads }: Contestant, { kind }: Load) => loads.includes(kind)

/** Compares everyone's answers with the merged server's. */
async function check(arena: Arena, running: readonly Running[], loads: readonly Load[]): Promise<Checked[]> {
  const merged = running.find(({ contestant }) => contestant.kind === 'limit')!
  const checked: Checked[] = []
  for (const load of loads) {
    const right = await askAll(arena, merged, load)
    if (right.bodies.some((body) => (body as { errors?: unknown }).errors))
      throw new Error(`The merged server answers ${load.name} with errors`)
    for (const one of running.filter(({ contestant }) => contestant !== merged.contestant && takesPart(contestant, load))) {
      checked.push(checkedOf(one, load, { answers: await askAll(arena, one, load), right }))
    }
  }
  return checked
}

function checkedOf({ contestant }: Running, load: Load, { answers, right }: { answers: Answers; right: Answers }): Checked {
  const why = difference(answers, right)
  if (why !== undefined) say(`${contestant.name} ${load.name}: ${why}`)
  const kb = (bytes: number) => Math.round(bytes / 100) / 10
  const { fetches, representations, subgraphBytes } = answers.cost
  const sizes = { subgraphKb: kb(subgraphBytes), responseKb: kb(answers.responseBytes) }
  return { contestant: contestant.name, load: load.name, equal: why === undefined, why, fetches, representations, ...sizes }
}

/** All rounds; every second one in the opposite order. */
async function measure(rounds: Rounds, running: readonly Running[], { loads, rounds: count }: Options): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const load of loads) {
    const those = running.filter(({ contestant }) => takesPart(contestant, load))
    for (const one of those) await warmUp(rounds, one, load)
    for (let round = 1; round <= count; round += 1) {
      for (const one of round % 2 === 1 ? those : those.toReversed()) samples.push(await sample(rounds, one, { load, round }))
    }
  }
  return samples
}

/** The merged server is started in any case: it knows the right answers. */
const withOracle = (chosen: readonly Contestant[]) => contestants.filter((one) => one.kind === 'limit' || chosen.includes(one))

/** Starts everyone who takes part; answers stay with who gave them until the end. */
async function startAll(arena: Arena, { contestants: chosen, loads }: Options): Promise<Running[]> {
  const running: Running[] = []
  for (const contestant of withOracle(chosen)) {
    if (contestant.kind !== 'limit' && loads.every((load) => !takesPart(contestant, load))) continue
    say(`starting ${contestant.name}`)
    running.push(await arena.start(contestant))
  }
  return running
}

async function run(options: Options): Promise<boolean> {
  const { rounds, seconds, profileDir } = options
  const before = machine()
  const cores = divideCores()
  const arena = await openArena({ cores, profileDir })
  try {
    const running = await startAll(arena, options)
    const atFirst = await check(arena, running, options.loads)
    const wanted = running.filter(({ contestant }) => options.contestants.includes(contestant))
    const samples = await measure({ arena, cores, seconds, say, profileDir }, wanted, options)
    const answers = [...atFirst, ...(await check(arena, running, options.loads))]
    const setting = { machine: before, cores: cores ?? 'not pinned', generator: generator(), rounds, seconds }
    return report(options, { setting, answers, samples })
  } finally {
    await arena.stop()
  }
}

const mayDiffer = new Set(contestants.filter((one) => one.mayDiffer).map(({ name }) => name))

/** What a router asks subgraphs for that keeps nothing and has one request at a time. */
const plannedOf = (answers: readonly Checked[]) => (load: string) =>
  answers.find((one) => one.load === load && one.contestant === 'ours')?.representations

interface Outcome {
  readonly setting: object
  /** Of both checks, before and after. */
  readonly answers: readonly Checked[]
  readonly samples: readonly Sample[]
}

/** Prints what was found; whose answers were not equal does not count. */
function report({ json }: Options, { setting, answers, samples }: Outcome): boolean {
  const wrong = answers.filter(({ equal }) => !equal)
  const isRight = (one: Sample) => !wrong.some(({ contestant, load }) => contestant === one.contestant && load === one.load)
  const counted = samples.filter(isRight)
  const results = rowsOf(counted, plannedOf(answers))
  const targets = targetsOf(counted, results)
  const about = contestants.map(({ name, about }) => ({ name, about }))
  const costs = answers.slice(answers.length / 2)
  if (json) {
    const all = {
      date: new Date().toISOString(),
      ...setting,
      contestants: about,
      answers: costs,
      wrong,
      results,
      targets,
      samples,
    }
    console.log(JSON.stringify(all, undefined, 2))
  } else {
    console.log(
      [JSON.stringify(setting), ...[costs, results, targets].map((rows) => table(rows.map((row) => ({ ...row }))))].join('\n\n'),
    )
  }
  return wrong.every(({ contestant }) => mayDiffer.has(contestant)) && targets.every(({ holds }) => holds !== false)
}

try {
  const held = await run(readOptions(process.argv.slice(2)))
  process.exitCode = held ? 0 : 1
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
