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

const takesPart = ({ loads }: Contestant, { identical }: Load) => loads === 'all' || loads === (identical ? 'identical' : 'other')

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

async function run(options: Options): Promise<boolean> {
  const cores = divideCores()
  const arena = await openArena({ cores, profileDir: options.profileDir })
  try {
    const running: Running[] = []
    for (const contestant of withOracle(options.contestants)) {
      if (options.loads.every((load) => !takesPart(contestant, load)) && contestant.kind !== 'limit') continue
      say(`starting ${contestant.name}`)
      running.push(await arena.start(contestant))
    }
    const before = await check(arena, running, options.loads)
    const wanted = running.filter(({ contestant }) => options.contestants.includes(contestant))
    const samples = await measure(
      { arena, cores, seconds: options.seconds, say, profileDir: options.profileDir },
      wanted,
      options,
    )
    const after = await check(arena, running, options.loads)
    const wrong = [...before, ...after].filter(({ equal }) => !equal)
    const counted = samples.filter(
      ({ contestant, load }) => !wrong.some((one) => one.contestant === contestant && one.load === load),
    )
    const rows = rowsOf(counted)
    const targets = targetsOf(counted, rows)
    const setting = {
      machine: machine(),
      cores: cores ?? 'not pinned',
      generator: generator(),
      rounds: options.rounds,
      seconds: options.seconds,
    }
    const about = contestants.map(({ name, about }) => ({ name, about }))
    if (options.json)
      console.log(
        JSON.stringify(
          { date: new Date().toISOString(), ...setting, contestants: about, answers: after, results: rows, targets, samples },
          undefined,
          2,
        ),
      )
    else
      console.log(
        [
          JSON.stringify(setting),
          table(after.map((one) => ({ ...one }))),
          table(rows.map((row) => ({ ...row }))),
          table(targets.map((one) => ({ ...one }))),
        ].join('\n\n'),
      )
    return wrong.length === 0 && targets.every(({ holds }) => holds !== false)
  } finally {
    await arena.stop()
  }
}

try {
  const held = await run(readOptions(process.argv.slice(2)))
  process.exitCode = held ? 0 : 1
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
