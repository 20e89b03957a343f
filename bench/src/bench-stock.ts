import { parseArgs } from 'node:util'
import { generateClients } from '@pasar/scripts/generate/clients'
import { machine } from './common/cores.ts'
import { median, percentile, rounded } from './common/numbers.ts'
import { table } from './common/table.ts'
import type { Shelves } from './stock/shelves.ts'

/** `npm run bench:stock -- [--json] [--rounds 5] [--seconds 4] [--buyers 40]` */
const say = (line: string) => console.error(line)
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    buyers: { type: 'string', default: '40' },
  },
})
const options = { rounds: Number(values.rounds), seconds: Number(values.seconds), buyers: Number(values.buyers) }

/** One contestant under load. */
interface Sample {
  readonly name: string
  readonly round: number
  readonly perSecond: number
  readonly p99: number
  readonly failed: number
  /** Processor time of one unit taken: of this process, and of the server with all that belongs to it. */
  readonly cpuMs: number
  readonly serverCpuMs: number
}

interface Contestant {
  readonly name: string
  readonly mode?: 'COUNTER' | 'UNITS'
  readonly take: (number: number) => Promise<boolean>
}

const contestantsOf = ({ reserve, bare }: Shelves, skus: number): readonly Contestant[] => [
  { name: 'bare UPDATE, 1,000 SKUs', take: (number) => bare(number % skus) },
  { name: 'reserve, 1,000 SKUs', mode: 'COUNTER', take: (number) => reserve(number % skus) },
  { name: 'bare UPDATE, one SKU', take: () => bare(0) },
  { name: 'reserve, one SKU by counter', mode: 'COUNTER', take: () => reserve(0) },
  { name: 'reserve, one SKU by units', mode: 'UNITS', take: () => reserve(0) },
]

/** Buyers that take one unit after the other; each next SKU is another one. */
async function load(shelves: Shelves, { take }: Contestant, seconds: number) {
  const times: number[] = []
  const [serverBefore, ownBefore] = [shelves.serverCpuMs(), process.cpuUsage()]
  let [number, failed] = [0, 0]
  const began = performance.now()
  const until = began + seconds * 1_000
  const buyer = async () => {
    for (let now = performance.now(); now < until; now = performance.now()) {
      number += 1
      if (!(await take(number))) failed += 1
      times.push(performance.now() - now)
    }
  }
  await Promise.all(Array.from({ length: options.buyers }, buyer))
  const took = (performance.now() - began) / 1_000
  const own = process.cpuUsage(ownBefore)
  return {
    perSecond: times.length / took,
    cpuMs: (own.user + own.system) / 1_000 / times.length,
    serverCpuMs: (shelves.serverCpuMs() - serverBefore) / times.length,
    p99: percentile(
      times.toSorted((a, b) => a - b),
      0.99,
    ),
    failed,
  }
}

async function measure(shelves: Shelves, contestants: readonly Contestant[]): Promise<Sample[]> {
  const run = async (contestant: Contestant, seconds: number) => {
    if (contestant.mode) await shelves.takeFirstBy(contestant.mode)
    return load(shelves, contestant, seconds)
  }
  for (const contestant of contestants) await run(contestant, 1)
  await shelves.analyze()
  const samples: Sample[] = []
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const contestant of round % 2 === 1 ? contestants : contestants.toReversed()) {
      const one = { name: contestant.name, round, ...(await run(contestant, options.seconds)) }
      say(
        `round ${round} ${one.name}: ${one.perSecond.toFixed(0)}/s, p99 ${one.p99.toFixed(1)} ms, processor ${one.cpuMs.toFixed(2)} and ${one.serverCpuMs.toFixed(2)} ms`,
      )
      samples.push(one)
    }
  }
  return samples
}

/** Medians; the ratio is the median of the ratios within each round. */
function rowOf(samples: readonly Sample[], { name }: Contestant) {
  const own = samples.filter((one) => one.name === name)
  const yardstick = name.includes('1,000 SKUs') ? 'bare UPDATE, 1,000 SKUs' : 'bare UPDATE, one SKU'
  const bareOf = (round: number) => samples.find((one) => one.name === yardstick && one.round === round)!.perSecond
  return {
    name,
    perSecond: Math.round(median(own.map(({ perSecond }) => perSecond))),
    ratio: rounded(median(own.map(({ perSecond, round }) => perSecond / bareOf(round))), 3),
    p99: rounded(median(own.map(({ p99 }) => p99)), 1),
    cpuMs: rounded(median(own.map(({ cpuMs }) => cpuMs)), 2),
    serverCpuMs: rounded(median(own.map(({ serverCpuMs }) => serverCpuMs)), 2),
    failed: own.reduce((sum, { failed }) => sum + failed, 0),
  }
}

async function run(): Promise<boolean> {
  await generateClients({ say })
  // Its code needs the database clients, which may just have been made.
  const { openShelves, skus, connections } = await import('./stock/shelves.ts')
  const setting = { machine: machine(), connections, ...options }
  const shelves = await openShelves(say)
  try {
    const contestants = contestantsOf(shelves, skus)
    const samples = await measure(shelves, contestants)
    const results = contestants.map((contestant) => rowOf(samples, contestant))
    const faults = await shelves.faults()
    const [, many, , , hot] = results
    const targets = [
      { target: '1,000 SKUs: ratio to a bare UPDATE', figure: many!.ratio, wanted: '≥ 0.25', holds: many!.ratio >= 0.25 },
      { target: 'one SKU by units, per second', figure: hot!.perSecond, wanted: '≥ 1,000', holds: hot!.perSecond >= 1_000 },
      {
        target: 'faults in stock and books',
        figure: faults,
        wanted: '0',
        holds: faults === 0 && results.every(({ failed }) => failed === 0),
      },
    ]
    if (values.json)
      console.log(JSON.stringify({ date: new Date().toISOString(), ...setting, results, targets, samples }, undefined, 2))
    else console.log([JSON.stringify(setting), table(results), table(targets)].join('\n\n'))
    return targets.every(({ holds }) => holds)
  } finally {
    await shelves.stop()
  }
}

try {
  process.exitCode = (await run()) ? 0 : 1
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 2
}
