import { randomBytes } from 'node:crypto'
import type { CacheStats } from '@pasar/router/cache/entity-cache'
import { routerLimits } from '@pasar/router/safety/limits'
import { systemClock } from '@pasar/shared/clock'
import { redisInstalled, startRedis } from '@pasar/shared/testing/redis'
import { runCommand } from './command.ts'
import { openProofDatabases, type ProofDatabases } from './prove/databases.ts'
import { Told, type Older } from './prove/cache/figures.ts'
import { rate, spread } from './prove/cache/numbers.ts'
import { stockGoods } from './prove/cache/goods.ts'
import { runLoad } from './prove/cache/load.ts'
import { askAtOnce, lookAtHidden, readMany } from './prove/cache/reads.ts'
import { notePurchases } from './prove/cache/purchases.ts'
import { openCachedMarket, type CachedMarket } from './prove/cache/market.ts'
import { gather, type People } from './prove/cache/people.ts'
import { randomFrom } from './prove/random.ts'
import { readOptions } from './prove/options.ts'

const writes = 300
const savingReads = 150
const looks = 50

/** `npm run prove:cache -- [--json] [--seed n]`: writers and readers on a real market; the router's cache is neither old nor talkative. */
await runCommand(async () => {
  const { json, seed = randomBytes(2).readUInt16BE() } = readOptions({ json: 'switch', seed: 'number' })
  const databases = await openProofDatabases(systemClock, (line) => console.error(line))
  try {
    const memory = await prove(databases, { seed, redisUrl: undefined })
    const redis = redisInstalled() ? await overRedis(databases, seed) : undefined
    const off = await withoutCache(databases)
    const summary = { seed, memory, redis: redis ?? 'redis-server is not installed', off, ...saved(memory, off) }
    report(summary, json)
    if (![memory, ...(redis ? [redis] : [])].every(holds)) process.exitCode = 1
  } finally {
    await databases.stop()
  }
})

interface Run {
  readonly seed: number
  readonly redisUrl: string | undefined
}

type Proven = Awaited<ReturnType<typeof prove>>

async function overRedis(databases: ProofDatabases, seed: number): Promise<Proven> {
  const redis = await startRedis()
  try {
    return await prove(databases, { seed: seed + 1, redisUrl: redis.url })
  } finally {
    await redis.stop()
  }
}

async function prove(databases: ProofDatabases, { seed, redisUrl }: Run) {
  const told = new Told()
  const market = await openCachedMarket({ databases, cache: 'on', redisUrl, onTold: (event) => told.note(event) })
  const mark = `r${seed.toString(36)}x${randomBytes(4).toString('hex')}`
  const { goods, people } = await open(market, mark)
  try {
    const bought = await notePurchases(databases, goods, { buyerId: people.buyerId, each: writes })
    const load = await runLoad({ people, goods: bought, told, writes, after: seed * writes, random: randomFrom(seed) })
    const stats = await market.cache!.stats()
    const kept = (await market.cache!.dump()).join('\n')
    const singleFlight = await flyTogether(market, people)
    const saving = await measure(market, people)
    const hidden = await lookAtHidden(people, looks)
    return {
      ...load,
      ...hidden,
      shownToOthers: load.shownToOthers + hidden.shownToOthers,
      toldMs: spread(told.delays),
      secretsLookedFor: people.secrets.length,
      secretsFound: people.secrets.filter((secret) => kept.includes(secret)).length,
      publicFound: kept.includes('Toko Bukti'),
      hitRate: rate(stats.hits, stats.misses),
      rootHitRate: rate(stats.rootHits, stats.rootMisses),
      answerHitRate: rate(stats.answerHits, stats.answerMisses),
      stats,
      singleFlight,
      saving,
    }
  } finally {
    await people.stop()
    await market.stop()
  }
}

async function open(market: CachedMarket, mark: string) {
  const goods = await stockGoods(market.url, mark)
  const people = await gather(market.url, mark, goods)
  return { goods, people }
}

/** How many fetches many first looks at a list cost together: one of the list, and one of its shops. */
async function flyTogether(market: CachedMarket, { readers }: People) {
  const requests = 40
  const [reader] = readers
  market.cache!.forget()
  const before = await market.cache!.stats()
  await askAtOnce(reader!, requests)
  const after = await market.cache!.stats()
  return { requests, fetches: after.fetchesSent - before.fetchesSent, joined: after.joined - before.joined }
}

/** What reading costs once everything has been read. */
async function measure(market: CachedMarket, people: People) {
  // Who has just written reads past the cache for a while.
  const until = performance.now() + routerLimits.ownWritesMs
  while (performance.now() < until) await readMany(people, 1)
  const before = { ...market.counts }
  const stats = await market.cache?.stats()
  const ms = await readMany(people, savingReads)
  const after = await market.cache?.stats()
  return {
    reads: savingReads * people.readers.length * 3,
    fetches: market.counts.fetches - before.fetches,
    statements: market.counts.statements - before.statements,
    ms: Math.round(ms),
    hitRate: after && stats ? rate(knownIn(after) - knownIn(stats), missedIn(after) - missedIn(stats)) : 0,
  }
}

/** Whole answers, answers of roots, and entities. */
function knownIn({ answerHits, rootHits, hits }: CacheStats): number {
  return answerHits + rootHits + hits
}

function missedIn({ rootMisses, misses }: CacheStats): number {
  return rootMisses + misses
}

async function withoutCache(databases: ProofDatabases) {
  const market = await openCachedMarket({ databases, cache: 'off', onTold: () => undefined })
  const { people } = await open(market, randomBytes(6).toString('hex'))
  try {
    return await measure(market, people)
  } finally {
    await people.stop()
    await market.stop()
  }
}

/**
 * No read older than what had been told, nothing private kept, what is public kept, misses asked once, what is its seller's shown to its
 * seller alone. That events come within a
 * second is held for 99 of 100: the process that tells is as busy as its readers can make it.
 */
function holds({
  older,
  secretsFound,
  publicFound,
  singleFlight,
  toldMs,
  shownToOthers,
  hiddenFromOwner,
  ...looked
}: Proven): boolean {
  const hasLooked = looked.figures > 0 && looked.secretsLookedFor > 0 && looked.ownLooks > 0
  const isTrue = older.length === 0 && toldMs.p99 <= 1_000
  const isDiscreet = secretsFound === 0 && shownToOthers === 0 && hiddenFromOwner === 0
  return hasLooked && isTrue && isDiscreet && publicFound && singleFlight.fetches === 2
}

function saved({ saving }: Proven, off: Proven['saving']) {
  return {
    fetchesSaved: rate(off.fetches - saving.fetches, saving.fetches),
    statementsSaved: rate(off.statements - saving.statements, saving.statements),
  }
}

function report(
  summary: { readonly memory: Proven; readonly redis: Proven | string } & Readonly<Record<string, unknown>>,
  isJson: boolean,
): void {
  if (isJson) {
    console.log(JSON.stringify(summary))
    return
  }
  const { memory, redis, off, seed, fetchesSaved, statementsSaved } = summary
  console.log(`seed ${String(seed)}`)
  for (const [name, one] of Object.entries({ memory, redis })) {
    if (typeof one === 'string') {
      console.log(`${name}: ${one}`)
      continue
    }
    console.log(
      `${name}: ${one.writes} writes, ${one.reads} reads with ${one.figures} figures: ${one.older.length} older than what had been told`,
    )
    for (const { figure, told, read } of one.older.slice(0, 10) as readonly Older[])
      console.log(`  ${figure}: told ${told}, read ${read}`)
    console.log(`  told after ${one.toldMs.p50} ms (p50), ${one.toldMs.p99} ms (p99), ${one.toldMs.max} ms at most`)
    console.log(
      `  ${one.secretsFound} of ${one.secretsLookedFor} secrets found in what is kept (${one.stats.entries} entries, ${one.stats.bytes} bytes)`,
    )
    console.log(
      `  a variant that is off was shown to others ${one.shownToOthers} times, and not shown to its seller in ${one.hiddenFromOwner} of ${one.ownLooks} looks`,
    )
    console.log(
      `  hit rate under writes: entities ${one.hitRate}, roots ${one.rootHitRate}, whole answers ${one.answerHitRate}; ${one.stats.fetchesSaved} fetches saved, ${one.stats.invalidations} invalidations, ${one.stats.notKept} answers not kept`,
    )
    console.log(
      `  ${one.singleFlight.requests} first looks at once: ${one.singleFlight.fetches} fetches, ${one.singleFlight.joined} waited for it`,
    )
    console.log(`  reading alone: ${JSON.stringify(one.saving)}`)
  }
  console.log(`without cache: ${JSON.stringify(off)}`)
  console.log(`saved in memory: ${String(fetchesSaved)} of the fetches, ${String(statementsSaved)} of the statements`)
}
