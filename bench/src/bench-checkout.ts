import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { divideCores, machine, pinSelf } from './common/cores.ts'
import { median, percentile, rounded } from './common/numbers.ts'
import { profileWhile } from './common/profile.ts'
import { table } from './common/table.ts'
import { usageOf } from './common/usage.ts'
import { hasWrk } from './common/wrk.ts'
import type { Counts } from './market/market-process.ts'
import { openDatabases, type BenchDatabases } from './market/databases.ts'
import { sampleServer, startServer, type Server, type ServerOptions } from './market/measure.ts'
import type * as shoppers from './checkout/shoppers.ts'

/** `npm run bench:checkout -- [--json] [--rounds 5] [--seconds 8] [--shoppers 8] [--profile folder]` */
const say = (line: string) => console.error(line)
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    shoppers: { type: 'string', default: '8' },
    profile: { type: 'string' },
  },
})
const options = { rounds: Number(values.rounds), seconds: Number(values.seconds), shoppers: Number(values.shoppers) }
const bareSeconds = 3
const wantedShare = 0.0055

const urlOf = ({ port }: Server) => `http://127.0.0.1:${port}`

type Shopping = typeof shoppers
type Purchase = shoppers.Purchase

const domainOf = (text: string) => text.split(':')[0]!

const byDomain = (texts: readonly string[]) =>
  Object.fromEntries(
    [...new Set(texts.map(domainOf))].map((domain) => [domain, texts.filter((text) => domainOf(text) === domain).length]),
  )

/** What is left of the statements after as many of each text as an idle market sends in the same number of rounds. */
function withoutIdle(statements: readonly string[], idle: readonly string[], rounds: number): string[] {
  const left = new Map<string, number>()
  for (const text of idle) left.set(text, (left.get(text) ?? 0) + rounds)
  return statements.filter((text) => {
    const some = left.get(text) ?? 0
    left.set(text, some - 1)
    return some <= 0
  })
}

/**
 * SQL statements and calls of subgraphs of one purchase, in a market in which nothing else is going on. Its due work is done in rounds, by
 * hand, until a round finds none; what looking for work costs where there is none is counted apart. `countMany` says how many of these looks
 * a purchase causes in a market that runs by itself.
 */
async function countOne(databases: BenchDatabases, where: ServerOptions, { keys, openShoppers }: Shopping) {
  const message = { urls: databases.urls, dataDir: where.folder, count: true, keys, simulators: true }
  const market = await startServer('market-process', message, where)
  try {
    const settle = () => market.ask({ settle: true }) as Promise<Counts>
    let paid: Counts = { fetches: [], statements: [], rounds: 0 }
    const { purchase } = await openShoppers(urlOf(market), { from: 0, afterPaying: async () => void (paid = await settle()) })
    await purchase()
    await settle()
    // Whoever has nothing to do is asked in one round.
    const idle = await settle()
    await purchase()
    const rest = await settle()
    const statements = [...paid.statements, ...rest.statements]
    const own = withoutIdle(statements, idle.statements, paid.rounds + rest.rounds)
    return {
      statements: own.length,
      fetches: paid.fetches.length + rest.fetches.length,
      byDomain: byDomain(own),
      idleStatements: statements.length - own.length,
      idleRounds: paid.rounds + rest.rounds,
    }
  } finally {
    await market.stop()
  }
}

const restMs = 2_000

/**
 * All SQL statements of a purchase in a market that does its due work by itself, as it is measured: what passes while shoppers buy, less what
 * passes in the same time while nobody does. The looks that commits cause are among them, and those of shoppers who wait.
 */
async function countMany(databases: BenchDatabases, where: ServerOptions, { keys, openShoppers }: Shopping) {
  const message = { urls: databases.urls, dataDir: where.folder, count: true, background: true, keys, simulators: true }
  const market = await startServer('market-process', message, where)
  const ask = () => market.ask({}) as Promise<Counts>
  const during = async (work: () => Promise<unknown>) => {
    await ask()
    const began = performance.now()
    await work()
    // What the last ones have caused is done by itself.
    await pause(restMs)
    const { statements } = await ask()
    return { count: statements.length, ms: performance.now() - began }
  }
  try {
    const { purchase } = await openShoppers(urlOf(market), { from: 3_000 })
    await shop(purchase, bareSeconds)
    await pause(restMs)
    const idle = await during(() => pause(options.seconds * 1_000))
    let purchases = 0
    const busy = await during(async () => void (purchases = (await shop(purchase, options.seconds)).times.length))
    const idleEach = idle.count / idle.ms
    return {
      purchases,
      statementsWithLooks: Math.round((busy.count - idleEach * busy.ms) / purchases),
      idlePerSecond: Math.round(idleEach * 1_000),
    }
  } finally {
    await market.stop()
  }
}

interface Round {
  readonly barePerSecond: number
  readonly perSecond: number
  readonly times: readonly number[]
  readonly cpuMsEach: number
}

/** Shoppers who buy one thing after the other. */
async function shop(purchase: Purchase, seconds: number) {
  const times: number[] = []
  const began = performance.now()
  const shopper = async () => {
    while (performance.now() - began < seconds * 1_000) times.push(await purchase())
  }
  await Promise.all(Array.from({ length: options.shoppers }, shopper))
  return { times, perSecond: times.length / ((performance.now() - began) / 1_000) }
}

/** The same, with the market's processor time, and a profile of it where one is wanted. */
async function shopIn({ pid, profileDir: folder }: Server, purchase: Purchase) {
  const before = usageOf(pid)
  const work = () => shop(purchase, options.seconds)
  const [shopped, summary] = folder === undefined ? [await work()] : await profileWhile({ pid, folder, name: 'purchases' }, work)
  if (summary !== undefined) say(summary)
  return { ...shopped, cpuMsEach: (usageOf(pid).cpuMs - before.cpuMs) / shopped.times.length }
}

async function measure({ bare, market }: { bare: Server; market: Server }, purchase: Purchase, where: ServerOptions) {
  const loading = { ...where, connections: options.shoppers, seconds: bareSeconds, say }
  const load = { name: 'SELECT 1', bodies: ['{}'], path: '/' }
  const askBare = async (round: number) => (await sampleServer(loading, bare, { ...load, round })).rps
  await askBare(0)
  await shop(purchase, options.seconds)
  const rounds: Round[] = []
  for (let round = 1; round <= options.rounds; round += 1) {
    const before = round % 2 === 1 ? await askBare(round) : undefined
    const shopped = await shopIn(market, purchase)
    const { perSecond, cpuMsEach } = shopped
    const barePerSecond = before ?? (await askBare(round))
    say(
      `round ${round}: ${perSecond.toFixed(2)} purchases and ${barePerSecond.toFixed(0)} bare requests per second, ${cpuMsEach.toFixed(0)} ms of the processor each`,
    )
    rounds.push({ barePerSecond, ...shopped })
  }
  return rounds
}

type Cost = Awaited<ReturnType<typeof countOne>> & Awaited<ReturnType<typeof countMany>>

function summaryOf(rounds: readonly Round[], cost: Cost) {
  const times = rounds.flatMap((round) => round.times).toSorted((a, b) => a - b)
  return {
    purchasesPerSecond: rounded(median(rounds.map(({ perSecond }) => perSecond))),
    barePerSecond: Math.round(median(rounds.map(({ barePerSecond }) => barePerSecond))),
    share: rounded(median(rounds.map(({ perSecond, barePerSecond }) => perSecond / barePerSecond)), 5),
    p50: Math.round(percentile(times, 0.5)),
    p99: Math.round(percentile(times, 0.99)),
    cpuMs: Math.round(median(rounds.map(({ cpuMsEach }) => cpuMsEach))),
    statements: cost.statements,
    idleStatements: cost.idleStatements,
    statementsWithLooks: cost.statementsWithLooks,
    fetches: cost.fetches,
  }
}

async function run(): Promise<boolean> {
  const setting = { machine: machine(), generator: hasWrk() ? 'wrk' : 'node', ...options }
  const cores = divideCores()
  pinSelf(cores?.others)
  const folder = mkdtempSync(join(tmpdir(), 'pasar-bench-'))
  const where = { folder, cores }
  const databases = await openDatabases(say)
  try {
    // Its code needs the database clients, which may just have been made.
    const shopping = await import('./checkout/shoppers.ts')
    await shopping.addAccounts({ urlFor: (domain) => databases.urls[domain] })
    const cost = { ...(await countOne(databases, where, shopping)), ...(await countMany(databases, where, shopping)) }
    say(JSON.stringify(cost))
    await databases.analyze()
    const bare = await startServer('bare-process', { url: databases.emptyUrl }, where)
    const message = { urls: databases.urls, dataDir: folder, count: false, keys: shopping.keys, simulators: true }
    const market = await startServer('market-process', message, { ...where, profileDir: values.profile })
    try {
      const { purchase } = await shopping.openShoppers(urlOf(market), { from: 10 })
      const rounds = await measure({ bare, market }, purchase, where)
      const result = summaryOf(rounds, cost)
      const targets = [
        { target: 'share of SELECT 1', figure: result.share, wanted: `≥ ${wantedShare}`, holds: result.share >= wantedShare },
      ]
      if (values.json)
        console.log(
          JSON.stringify(
            { date: new Date().toISOString(), ...setting, cores: cores ?? 'not pinned', result, targets, cost },
            undefined,
            2,
          ),
        )
      else console.log([JSON.stringify(setting), table([result]), table(targets), JSON.stringify(cost.byDomain)].join('\n\n'))
      return targets.every(({ holds }) => holds)
    } finally {
      await Promise.all([market.stop(), bare.stop()])
    }
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
