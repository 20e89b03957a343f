import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Domain } from '@pasar/shared/domains'
import { startChild } from './common/child.ts'
import { divideCores, machine, pinSelf, pinned, type Cores } from './common/cores.ts'
import { table } from './common/table.ts'
import { hasWrk } from './common/wrk.ts'
import { openDatabases, type BenchDatabases } from './market/databases.ts'
import { gatewaysFor, startGateway, type RunningGateway } from './peers/gateways.ts'
import type { MarketEnvironment } from './peers/market-settings.ts'
import type { PeerOperation } from './peers/operations.ts'
import { answersOf, peerDifference, samplePeer, warmUpPeer, type PeerRounds, type PeerSample } from './peers/rounds.ts'
import type { SubgraphsMessage } from './peers/subgraphs-process.ts'
import { peerRows, peerTargets } from './peers/summary.ts'

/** `npm run bench:peers -- [--json] [--rounds 3] [--seconds 2] [--only "seller desk"]` */
const say = (line: string) => console.error(line)
const connections = 20
/** Its answers are what the others' are compared with. */
const oracle = 'vanilla'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
})
const options = { rounds: Number(values.rounds), seconds: Number(values.seconds) }

interface Where {
  readonly folder: string
  readonly cores: Cores | undefined
}

/** The six subgraphs in a process of their own, beside PostgreSQL and the load. */
async function startSubgraphs(message: SubgraphsMessage, { folder, cores }: Where) {
  const file = (path: string) => new URL(path, import.meta.url).pathname
  const child = startChild({
    command: pinned(cores?.others, [process.execPath, file('../run-file.mjs'), file('peers/subgraphs-process.ts')]),
    env: { ...process.env, NODE_ENV: 'production' },
    logFile: join(folder, 'subgraphs.log'),
  })
  const answered = new Promise<{ readonly urls: Readonly<Record<Domain, string>> }>((resolve, reject) => {
    child.process.once('message', (answer) => resolve(answer as { urls: Readonly<Record<Domain, string>> }))
    child.process.once('exit', () => reject(new Error(`The subgraphs did not start: see ${folder}/subgraphs.log`)))
  })
  child.process.send(message)
  return { ...(await answered), stop: child.stop }
}

interface Wrong {
  readonly gateway: string
  readonly operation: string
  readonly why: string
}

/** Who answers otherwise than the oracle. */
async function compare(
  rounds: PeerRounds,
  running: readonly RunningGateway[],
  operations: readonly PeerOperation[],
): Promise<Wrong[]> {
  const wrong: Wrong[] = []
  const known = running.find(({ name }) => name === oracle)!
  for (const operation of operations) {
    const right = await answersOf(rounds, known, operation)
    if (right.some((answer) => (answer as { errors?: unknown }).errors !== undefined))
      throw new Error(`${operation.name} is answered with errors: ${JSON.stringify(right[0]).slice(0, 800)}`)
    for (const one of running.filter(({ name }) => name !== oracle)) {
      const why = peerDifference(await answersOf(rounds, one, operation), right)
      if (why === undefined) continue
      say(`${one.name}, ${operation.name}: ${why}`)
      wrong.push({ gateway: one.name, operation: operation.name, why })
    }
  }
  return wrong
}

/** Alternating rounds; every second one in the opposite order. */
async function measure(rounds: PeerRounds, running: readonly RunningGateway[], operations: readonly PeerOperation[]) {
  const samples: PeerSample[] = []
  for (const operation of operations) {
    for (const one of running) await warmUpPeer(rounds, one, operation)
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const one of round % 2 === 1 ? running : running.toReversed())
        samples.push(await samplePeer(rounds, one, { operation, round }))
    }
  }
  return samples
}

/** Whoever cannot start is told of and left out. */
async function startAll(environment: MarketEnvironment, urls: Readonly<Record<Domain, string>>, where: Where) {
  const running: RunningGateway[] = []
  const missing: Wrong[] = []
  for (const gateway of gatewaysFor(environment, urls)) {
    say(`starting ${gateway.name}`)
    try {
      running.push(await startGateway(gateway, { ...where, urls }))
    } catch (error) {
      if (gateway.name.startsWith('ours') || gateway.name === oracle) throw error
      say((error as Error).message)
      missing.push({ gateway: gateway.name, operation: 'all', why: (error as Error).message })
    }
  }
  return { running, missing }
}

async function compareAndMeasure(databases: BenchDatabases, where: Where) {
  // Their code needs the database clients, which may just have been made.
  const { newEnvironment } = await import('./peers/market-settings.ts')
  const { placeOrders } = await import('./peers/place-orders.ts')
  const { operationsOn } = await import('./peers/operations.ts')
  const { openViewers } = await import('./peers/viewers.ts')
  const environment = newEnvironment()
  const orderIds = await placeOrders({ environment, databaseUrls: databases.urls, dataDir: where.folder })
  say(`placed ${orderIds.length} orders`)
  await databases.analyze()
  const subgraphs = await startSubgraphs({ environment, databaseUrls: databases.urls }, where)
  const { running, missing } = await startAll(environment, subgraphs.urls, where)
  try {
    const operations = operationsOn(orderIds).filter(
      ({ name }) => values.only === undefined || values.only.split(',').includes(name),
    )
    const rounds = { ...where, connections, seconds: options.seconds, viewers: await openViewers(environment), say }
    const before = await compare(rounds, running, operations)
    const samples = await measure(rounds, running, operations)
    return { samples, wrong: [...missing, ...before, ...(await compare(rounds, running, operations))] }
  } finally {
    await Promise.all([...running, subgraphs].map((one) => one.stop()))
  }
}

async function run(): Promise<boolean> {
  const setting = { machine: machine(), cores: divideCores() ?? 'not pinned', generator: hasWrk() ? 'wrk' : 'node', connections }
  const cores = divideCores()
  pinSelf(cores?.others)
  const folder = mkdtempSync(join(tmpdir(), 'pasar-bench-'))
  const databases = await openDatabases(say)
  try {
    const { samples, wrong } = await compareAndMeasure(databases, { folder, cores })
    const isRight = ({ gateway, operation }: PeerSample) =>
      !wrong.some((one) => one.gateway === gateway && one.operation === operation)
    const results = peerRows(samples.filter(isRight), oracle)
    const targets = peerTargets(results, wrong.length)
    const all = { date: new Date().toISOString(), ...setting, ...options, wrong, results, targets, samples }
    console.log(
      values.json ? JSON.stringify(all, undefined, 2) : [JSON.stringify(setting), table(results), table(targets)].join('\n\n'),
    )
    return targets.every(({ holds }) => holds)
  } finally {
    await databases.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  process.exitCode = (await run()) ? 0 : 1
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 2
}
