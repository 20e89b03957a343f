import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadSupergraph } from '@pasar/schema/load'
import { divideCores, machine, pinSelf, type Cores } from './common/cores.ts'
import { warmUpBy } from './common/load.ts'
import { median, rounded } from './common/numbers.ts'
import { table } from './common/table.ts'
import { hasWrk } from './common/wrk.ts'
import { openDatabases, type BenchDatabases } from './market/databases.ts'
import { costOf, sampleServer, startServer, type MarketSample, type OperationCost, type Server } from './market/measure.ts'
import { operations, type MarketOperation } from './market/operations.ts'

/** `npm run bench:market -- [--json] [--rounds 5] [--seconds 5] [--only "product page"] [--profile folder]` */
const say = (line: string) => console.error(line)
const connections = 20
const bare = 'SELECT 1'
/** Added to the name of an operation that a market answers which keeps nothing. */
const nothingKept = ', nothing kept'

interface Options {
  readonly json: boolean
  readonly rounds: number
  readonly seconds: number
  readonly operations: readonly MarketOperation[]
  readonly profileDir: string | undefined
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      only: { type: 'string' },
      profile: { type: 'string' },
    },
  })
  const only = values.only?.split(',')
  return {
    json: values.json,
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    operations: operations.filter(({ name }) => !only || only.includes(name)),
    profileDir: values.profile,
  }
}

/** Fetches and statements, counted in a market of its own, which also publishes the events of the seeded shelves. */
async function countCosts(databases: BenchDatabases, { cores, folder }: Where, options: Options): Promise<OperationCost[]> {
  const message = { urls: databases.urls, dataDir: folder, count: true }
  const market = await startServer('market-process', message, { folder, cores })
  try {
    await databases.analyze()
    const costs: OperationCost[] = []
    for (const operation of options.operations) costs.push(await costOf(market, operation))
    return costs
  } finally {
    await market.stop()
  }
}

interface Where {
  readonly folder: string
  readonly cores: Cores | undefined
}

interface Servers {
  readonly bare: Server
  /** As it comes. */
  readonly market: Server
  /** The same market without its router's cache. */
  readonly uncached: Server
}

/** Alternating rounds: the bare server and every operation, each second round in the opposite order. */
async function measure(servers: Servers, where: Where, options: Options): Promise<MarketSample[]> {
  const loading = { ...where, connections, seconds: options.seconds, say }
  const runs = [
    { server: servers.bare, name: bare, bodies: ['{}'], path: '/' },
    ...options.operations.flatMap(({ name, bodies }) => [
      { server: servers.market, name, bodies, path: '/graphql' },
      { server: servers.uncached, name: `${name}${nothingKept}`, bodies, path: '/graphql' },
    ]),
  ]
  for (const { server, ...load } of runs)
    await warmUpBy((seconds) => sampleServer({ ...loading, seconds }, server, { ...load, round: 0 }))
  const samples: MarketSample[] = []
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { server, ...load } of round % 2 === 1 ? runs : runs.toReversed()) {
      const one = await sampleServer(loading, server, { ...load, round })
      say(`round ${round} ${one.operation}: ${one.rps.toFixed(0)} rps, p99 ${one.p99.toFixed(1)} ms`)
      samples.push(one)
    }
  }
  return samples
}

async function measureAndStop(servers: Servers, where: Where, options: Options): Promise<MarketSample[]> {
  try {
    return await measure(servers, where, options)
  } finally {
    await Promise.all(Object.values(servers).map((server: Server) => server.stop()))
  }
}

/** Medians of one operation; its share is the median of its shares in each round. */
function rowOf(samples: readonly MarketSample[], { operation, cost }: { operation: string; cost: OperationCost | undefined }) {
  const own = samples.filter((one) => one.operation === operation)
  const isKept = !operation.endsWith(nothingKept)
  const bareRps = new Map(samples.filter((one) => one.operation === bare).map(({ round, rps }) => [round, rps]))
  const middle = (of: (one: MarketSample) => number, digits = 2) => rounded(median(own.map(of)), digits)
  return {
    operation,
    rps: middle((one) => one.rps, 0),
    share: middle((one) => one.rps / bareRps.get(one.round)!, 4),
    p50: middle((one) => one.p50),
    p95: middle((one) => one.p95),
    p99: middle((one) => one.p99),
    cpuMsPerRequest: middle((one) => one.cpuMsPerRequest, 3),
    rssMb: Math.round(Math.max(...own.map((one) => one.rssMb))),
    fetches: cost && `${cost.fetches.length}${isKept ? `, then ${cost.again.fetches.length}` : ''}`,
    statements: cost && `${cost.statements.length}${isKept ? `, then ${cost.again.statements.length}` : ''}`,
    responseKb: cost && rounded(cost.responseBytes / 1_000, 1),
    errors: own.reduce((sum, one) => sum + one.errors, 0),
  }
}

/** The bare server, and each operation as the market runs by default and where nothing is kept. */
const rowsOf = (samples: readonly MarketSample[], costs: readonly OperationCost[]) => [
  rowOf(samples, { operation: bare, cost: undefined }),
  ...costs.flatMap((cost) => [
    rowOf(samples, { operation: cost.operation, cost }),
    rowOf(samples, { operation: `${cost.operation}${nothingKept}`, cost }),
  ]),
]

async function run(options: Options): Promise<boolean> {
  const before = machine()
  const cores = divideCores()
  pinSelf(cores?.others)
  const folder = mkdtempSync(join(tmpdir(), 'pasar-bench-'))
  const where = { folder, cores }
  const databases = await openDatabases(say)
  try {
    const costs = await countCosts(databases, where, options)
    const bareServer = await startServer('bare-process', { url: databases.emptyUrl }, where)
    const message = { urls: databases.urls, dataDir: folder, count: false }
    const market = await startServer('market-process', message, { ...where, profileDir: options.profileDir })
    const uncached = await startServer(
      'market-process',
      { ...message, cache: 'off' },
      { ...where, folder: join(folder, 'uncached') },
    )
    const servers = { bare: bareServer, market, uncached }
    const samples = await measureAndStop(servers, where, options)
    const rows = rowsOf(samples, costs)
    const targets = targetsOf(rows, options)
    const setting = {
      machine: before,
      cores: cores ?? 'not pinned',
      generator: hasWrk() ? 'wrk' : 'node',
      connections,
      rounds: options.rounds,
      seconds: options.seconds,
    }
    if (options.json)
      console.log(
        JSON.stringify({ date: new Date().toISOString(), ...setting, results: rows, targets, costs, samples }, undefined, 2),
      )
    else console.log([JSON.stringify(setting), table(rows), table(targets)].join('\n\n'))
    return targets.every(({ holds }) => holds)
  } finally {
    await databases.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function targetsOf(rows: readonly ReturnType<typeof rowOf>[], options: Options) {
  const shares = options.operations.map(({ name, shareMin }) => {
    const figure = rows.find(({ operation }) => operation === name)?.share ?? 0
    return { target: `${name}: share of ${bare}`, figure, wanted: `≥ ${shareMin}`, holds: figure >= shareMin }
  })
  const facets = /\bfacets?\b/i.test(loadSupergraph().gateway)
  return [
    ...shares,
    { target: 'facet counts in the text search', figure: facets ? 1 : 0, wanted: 'in the schema', holds: facets },
  ]
}

try {
  process.exitCode = (await run(readOptions())) ? 0 : 1
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 2
}
