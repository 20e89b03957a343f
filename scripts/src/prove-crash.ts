import { runCommand } from './command.ts'
import { proveInProcess, type CrashFindings, type CrashOptions } from './prove/crash/in-process.ts'
import { mergeTallies, summarise, type CrashSummary } from './prove/crash/summary.ts'
import { hasOption, numberOption, textOption } from './prove/numbers.ts'
import { inShares, openInterrupt } from './prove/shares.ts'

/**
 * `npm run prove:crash -- [--json] [--in-process] [--real] [--reduced] [--seeds n] [--singles n] [--pairs n] [--points regex] [--most n] [--minutes n] [--seed n] [--workers n]`: every
 * boundary of a purchase, and each process that may die there, again and again; whatever dies, the story ends as it would have without.
 * Then each boundary once, in processes of the operating system's that die of a SIGKILL. `--in-process` and `--real` do one of the two.
 * Interrupted, it says what it has found.
 */
await runCommand(async () => {
  const say = (line: string) => console.error(line)
  const seed = numberOption('seed', Math.floor(Math.random() * 1_000_000))
  const workers = numberOption('workers', 4)
  const nth = textOption('share')
  if (nth !== undefined) {
    const options = optionsOf(seed)
    console.log(JSON.stringify(await proveInProcess({ ...options, share: { of: workers, nth: Number(nth) } }, say)))
    return
  }
  say(`seed ${seed}`)
  const isAsked = openInterrupt()
  const inProcess = hasOption('real') ? undefined : await prove({ seed, workers, more: [] })
  const isOne = hasOption('in-process') || hasOption('reduced') || isAsked()
  const real = isOne ? undefined : await prove({ seed, workers, more: hasOption('real') ? [] : ['--real'] })
  const summaries = [inProcess, real].filter((summary) => summary !== undefined)
  const ok = summaries.every((summary) => summary.ok)
  const seconds = summaries.reduce((sum, summary) => sum + summary.seconds, 0)
  if (hasOption('json')) console.log(JSON.stringify({ ok, seed, seconds, inProcess, real }))
  else summaries.forEach(tell)
  if (!ok) process.exitCode = 1
})

function optionsOf(seed: number): Omit<CrashOptions, 'share'> {
  const points = textOption('points')
  const real = hasOption('real')
  const reduced = real || hasOption('reduced')
  return {
    seed,
    reduced,
    real,
    seeds: real ? 1 : numberOption('seeds', reduced ? 1 : 50),
    singles: real ? 0 : numberOption('singles', reduced ? 0 : 1),
    pairs: real ? 0 : numberOption('pairs', reduced ? 10 : 300),
    points: points === undefined ? undefined : new RegExp(points),
    most: textOption('most') === undefined ? undefined : numberOption('most', 0),
    minutes: textOption('minutes') === undefined ? undefined : numberOption('minutes', 0),
  }
}

interface Proving {
  readonly seed: number
  readonly workers: number
  /** Options that the shares are told besides our own. */
  readonly more: readonly string[]
}

async function prove({ seed, workers, more }: Proving): Promise<CrashSummary> {
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
    isWhole: !isCut && !lessThanAll.some((name) => hasOption(name) || textOption(name) !== undefined),
    isOnePlan: found.every((one) => one.plan.hash === plan.hash),
  }
  return summarise(mergeTallies(found.map(({ tally }) => tally)), { said, cells: plan.cells, isCut })
}

/** Whoever says these asks for less than the whole. */
const lessThanAll = ['reduced', 'points', 'seeds', 'singles', 'pairs', 'most', 'minutes']

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
