import { runCommand } from './command.ts'
import { proveInProcess, type CrashFindings, type CrashOptions } from './prove/crash/in-process.ts'
import { mergeTallies, summarise, type CrashSummary } from './prove/crash/summary.ts'
import { readOptions } from './prove/options.ts'
import { inShares, openInterrupt } from './prove/shares.ts'

const sizes = { seeds: 'number', pairs: 'number', most: 'number', minutes: 'number' } as const
const switches = { json: 'switch', 'in-process': 'switch', real: 'switch', reduced: 'switch' } as const
const kinds = { ...switches, ...sizes, points: 'text', seed: 'number', workers: 'number', share: 'number' } as const
type Given = ReturnType<typeof readOptions<typeof kinds>>

/** Whoever says these asks for less than the whole. */
const lessThanAll = ['reduced', 'points', 'seeds', 'pairs', 'most', 'minutes'] as const

/**
 * `npm run prove:crash -- [--json] [--in-process] [--real] [--reduced] [--seeds n] [--pairs n] [--points regex] [--most n] [--minutes n] [--seed n] [--workers n]`: every
 * boundary of a purchase, and each process that may die there, again and again; whatever dies, the story ends as it would have without.
 * Then each boundary once, in processes of the operating system's that die of a SIGKILL. `--in-process` and `--real` do one of the two.
 * Interrupted, it says what it has found.
 */
await runCommand(async () => {
  const say = (line: string) => console.error(line)
  const given = readOptions(kinds)
  const { seed = Math.floor(Math.random() * 1_000_000), workers = 4, share: nth } = given
  if (nth !== undefined) {
    console.log(JSON.stringify(await proveInProcess({ ...optionsOf(given, seed), share: { of: workers, nth } }, say)))
    return
  }
  const isWhole = lessThanAll.every((name) => given[name] === undefined || given[name] === false)
  say(`seed ${seed}`)
  const isAsked = openInterrupt()
  const asked = { seed, workers, isWhole, isChosen: given.points !== undefined }
  const inProcess = given.real ? undefined : await prove({ ...asked, more: [] })
  const isOne = given['in-process'] || given.reduced || isAsked()
  const real = isOne ? undefined : await prove({ ...asked, more: given.real ? [] : ['--real'] })
  const summaries = [inProcess, real].filter((summary) => summary !== undefined)
  const ok = summaries.every((summary) => summary.ok)
  const seconds = summaries.reduce((sum, summary) => sum + summary.seconds, 0)
  if (given.json) console.log(JSON.stringify({ ok, seed, seconds, inProcess, real }))
  else summaries.forEach(tell)
  if (!ok) process.exitCode = 1
})

function optionsOf({ real, points, most, minutes, ...given }: Given, seed: number): Omit<CrashOptions, 'share'> {
  const reduced = real || given.reduced
  const { seeds = reduced ? 1 : 50, pairs = reduced ? 10 : 300 } = given
  const sizes = real ? { seeds: 1, pairs: 0 } : { seeds, pairs }
  return { seed, reduced, real, ...sizes, points: points === undefined ? undefined : new RegExp(points), most, minutes }
}

interface Proving {
  readonly seed: number
  readonly workers: number
  /** Whether everything is asked for. */
  readonly isWhole: boolean
  /** Whether only some boundaries are asked for. */
  readonly isChosen: boolean
  /** Options that the shares are told besides our own. */
  readonly more: readonly string[]
}

async function prove({ seed, workers, isWhole, isChosen, more }: Proving): Promise<CrashSummary> {
  const since = performance.now()
  const found = await inShares<CrashFindings>('prove-crash', workers, ['--seed', String(seed), ...more])
  const { points, pointsWithoutStory, seeds, pairs, plan } = found[0]!
  const isCut = found.some((one) => one.isCut)
  const said = {
    seed,
    points,
    pointsWithoutStory,
    seeds,
    pairs,
    seconds: Math.round((performance.now() - since) / 1000),
    isWhole: isWhole && !isCut,
    isOnePlan: found.every((one) => one.plan.hash === plan.hash),
  }
  return summarise(mergeTallies(found.map(({ tally }) => tally)), { said, cells: plan.cells, isCut, isChosen })
}

function tell(summary: CrashSummary): void {
  const { points, tellings, deaths, deathsOf, snapshots, takeovers, seconds } = summary
  console.log(
    `${points} boundaries, ${tellings} stories, ${deaths} deaths (${JSON.stringify(deathsOf)}; ${summary.secondDeaths} of them second ones) in ${seconds} s`,
  )
  console.log(
    `  ${summary.cells} times a boundary and who dies there, each ${summary.leastPerCell} times or more; ${summary.missed} missed`,
  )
  if (!summary.isWhole) console.log('  this is a part of the whole')
  if (!summary.isOnePlan) console.log('  THE PROCESSES HAD DIFFERENT PLANS')
  console.log(
    `  lost ${summary.lost}, doubled ${summary.doubled}, not at an end ${summary.notTerminal}, otherwise broken ${summary.otherwiseBroken}`,
  )
  console.log(`  ${summary.unbalancedSnapshots} of ${snapshots} snapshots unbalanced`)
  console.log(
    `  taken over ${takeovers.count} times: p50 ${takeovers.p50Ms} ms, p99 ${takeovers.p99Ms} ms, longest ${takeovers.maxMs} ms`,
  )
  for (const point of summary.pointsWithoutStory) console.log(`  NO STORY PASSES ${point}`)
  for (const { story, seed, deaths: at, broken } of summary.faults) {
    console.log(`  "${story}" (seed ${seed}), ${JSON.stringify(at)}:`)
    for (const { invariant, what } of broken) console.log(`    ${invariant}: ${what}`)
  }
}
