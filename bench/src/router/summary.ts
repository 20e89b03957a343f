import { median, rounded } from '../common/numbers.ts'
import { contestants } from './contestants.ts'
import type { Sample } from './rounds.ts'

/** Medians of one contestant under one load. */
export interface Row {
  readonly load: string
  readonly contestant: string
  readonly rps: number
  readonly timesVanilla: number | undefined
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly cpuMsPerRequest: number
  readonly busy: number
  readonly rssMb: number
  readonly fetchesPerRequest: number
  /** Share of the entities of a plan that were not asked for, because they were kept or somebody else was asking already. */
  readonly entitiesSaved: number | undefined
  readonly errors: number
  readonly rounds: number
}

/** Something that must hold. */
export interface Target {
  readonly target: string
  readonly figure: number | undefined
  readonly wanted: string
  readonly holds: boolean | undefined
}

/** Medians over the rounds; `planned` says how many entities a request of a load needs. */
export function rowsOf(samples: readonly Sample[], planned: (load: string) => number | undefined): Row[] {
  const keys = [...new Set(samples.map(({ load, contestant }) => `${load} ${contestant}`))]
  return keys.map((key) => {
    const [load, contestant] = key.split(' ') as [string, string]
    const own = samples.filter((one) => one.load === load && one.contestant === contestant)
    const middle = (of: (one: Sample) => number, digits = 2) => rounded(median(own.map(of)), digits)
    return {
      load,
      contestant,
      rps: middle((one) => one.rps, 0),
      timesVanilla: ratio(samples, { load, of: contestant, to: 'vanilla' }),
      p50: middle((one) => one.p50),
      p95: middle((one) => one.p95),
      p99: middle((one) => one.p99),
      cpuMsPerRequest: middle((one) => one.cpuMsPerRequest, 3),
      busy: middle((one) => one.busy),
      rssMb: Math.round(Math.max(...own.map((one) => one.rssMb))),
      fetchesPerRequest: middle((one) => one.fetchesPerRequest),
      entitiesSaved: savedOf(planned(load), median(own.map((one) => one.representationsPerRequest))),
      errors: own.reduce((sum, one) => sum + one.errors, 0),
      rounds: own.length,
    }
  })
}

const savedOf = (planned: number | undefined, asked: number) =>
  planned === undefined || planned === 0 ? undefined : rounded(1 - asked / planned, 3)

interface Ratio {
  readonly load: string
  readonly of: string
  readonly to: string
}

/** The median over rounds of how many times one is as fast as another in the same round, so that a busy neighbour hits both. */
function ratio(samples: readonly Sample[], { load, of, to }: Ratio): number | undefined {
  const rps = (name: string) =>
    new Map(samples.filter((one) => one.load === load && one.contestant === name).map(({ round, rps }) => [round, rps]))
  const [own, others] = [rps(of), rps(to)]
  const ratios = [...own].flatMap(([round, value]) => (others.has(round) ? [value / others.get(round)!] : []))
  return ratios.length > 0 ? rounded(median(ratios)) : undefined
}

const speeds: readonly (readonly [load: string, peer: string, wanted: number])[] = [
  ['light', 'vanilla', 9],
  ['light', 'hive-rust', 6],
  ['light', 'grafbase', 1],
  ['heavy', 'vanilla', 6],
  ['heavy', 'hive-rust', 2.5],
  ['heavy', 'grafbase', 0.6],
  ['identical', 'hive-jit-shared', 1],
  ['identical', 'hive-rust-shared', 1],
  ['storefront', 'grafbase', 1.5],
  ['storefront', 'grafbase-cached', 1.5],
  ['storefront', 'hive-rust-shared', 1.5],
]

/** Ours that a load is about. */
const oursIn = (load: string) => (load === 'storefront' ? 'ours-cached' : 'ours')
const rssMbMax = 250

/** What issue 3 wants to see, and whether it is so; undefined where it was not measured. */
export function targetsOf(samples: readonly Sample[], rows: readonly Row[]): Target[] {
  const loads = [...new Set(rows.map(({ load }) => load))]
  return [
    ...speeds.map(([load, peer, wanted]) =>
      atLeast(`${load}: times ${peer}`, ratio(samples, { load, of: oursIn(load), to: peer }), wanted),
    ),
    ...loads.map((load) => latencyTarget(load, rows)),
    atMost(
      'resident memory, MB',
      most(rows, (row) => row.rssMb),
      rssMbMax,
    ),
    atMost(
      'answers that were not 200',
      most(rows, (row) => row.errors),
      0,
    ),
  ]
}

const ownNames = new Set(contestants.filter(({ kind }) => kind === 'ours').map(({ name }) => name))
const nodePeers = new Set(contestants.filter(({ kind }) => kind === 'node').map(({ name }) => name))

function latencyTarget(load: string, rows: readonly Row[]): Target {
  const own = rows.find((row) => row.load === load && row.contestant === oursIn(load))
  const peers = rows.filter((row) => row.load === load && nodePeers.has(row.contestant)).map((row) => row.p99)
  return atMost(`${load}: p99 in ms, against the best Node peer`, own?.p99, peers.length > 0 ? Math.min(...peers) : undefined)
}

/** The largest figure of ours. */
function most(rows: readonly Row[], of: (row: Row) => number): number | undefined {
  const own = rows.filter((row) => ownNames.has(row.contestant)).map(of)
  return own.length > 0 ? Math.max(...own) : undefined
}

const atLeast = (target: string, figure: number | undefined, wanted: number): Target => ({
  target,
  figure,
  wanted: `≥ ${wanted}`,
  holds: figure === undefined ? undefined : figure >= wanted,
})

const atMost = (target: string, figure: number | undefined, wanted: number | undefined): Target => ({
  target,
  figure,
  wanted: `≤ ${wanted ?? '?'}`,
  holds: figure === undefined || wanted === undefined ? undefined : figure <= wanted,
})
