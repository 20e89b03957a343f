import { runCommand } from './command.ts'
import { openArena } from './prove/attacks/arena.ts'
import type { Outcome } from './prove/attacks/row.ts'
import { runGenerated, type Generated } from './prove/attacks/run-generated.ts'
import { runRows } from './prove/attacks/run-rows.ts'
import { readOptions } from './prove/options.ts'

const growthMaxMb = 50
const delayP99MaxMs = 100
const slowdownMax = 2
/** What a whole proof sends beside the rows. */
const wholeOperations = 10_000

/** `npm run prove:attacks -- [--json] [--seed 1] [--operations 10000] [--rate 50] [--only T03,T23]` */
await runCommand(async () => {
  const kinds = { json: 'switch', seed: 'number', operations: 'number', rate: 'number', only: 'text' } as const
  const { json, seed = 1, operations = wholeOperations, rate: perSecond = 50, only } = readOptions(kinds)
  const began = performance.now()
  const arena = await openArena((line) => console.error(line))
  try {
    const outcomes = await runRows(arena, only)
    const generated = operations > 0 ? await runGenerated(arena, { seed, operations, perSecond }) : undefined
    const faults = [
      ...(outcomes.length > 0 ? [] : ['nothing was asked']),
      ...outcomes.filter(({ result }) => result === 'broken').map(({ id, what }) => `${id} ${what}`),
      ...faultsOf(generated),
    ]
    const minutes = Number(((performance.now() - began) / 60_000).toFixed(1))
    const isWhole = only === undefined && operations >= wholeOperations
    if (json) console.log(JSON.stringify({ isWhole, outcomes, generated, faults, minutes }))
    else report(outcomes, generated, faults)
    if (faults.length > 0) process.exitCode = 1
  } finally {
    await arena.stop()
  }
})

function faultsOf(generated: Generated | undefined): readonly string[] {
  if (!generated) return []
  const { unanswered, failures, grownMb, delayP99Ms, polluted, slowdown, failed } = generated
  return [
    ...unanswered.map((what) => `not answered: ${what}`),
    ...failures.map((what) => `failed: ${what}`),
    ...(grownMb < growthMaxMb ? [] : [`memory grew by ${grownMb.toFixed(0)} MB`]),
    ...(delayP99Ms < delayP99MaxMs ? [] : [`the event loop was late by ${delayP99Ms.toFixed(0)} ms`]),
    ...polluted.map((name) => `every object has ${name}`),
    ...(slowdown <= slowdownMax ? [] : [`a product page took ${slowdown.toFixed(1)} times as long`]),
    ...(failed === 0 ? [] : [`${failed} product pages failed`]),
  ]
}

function report(outcomes: readonly Outcome[], generated: Generated | undefined, faults: readonly string[]): void {
  for (const { id, what, result, cpuMs, note } of outcomes)
    console.log(`${id} ${result.padEnd(10)} ${what}: ${note}${cpuMs === undefined ? '' : `, ${cpuMs.toFixed(1)} ms of CPU`}`)
  if (generated) {
    const { seed, operations, perSecond, grownMb, delayP99Ms, delayMaxMs, aloneP99Ms, meanwhileP99Ms, slowdown, looks, failed } =
      generated
    console.log(`${operations} generated operations (seed ${seed}, ${perSecond} per second)`)
    console.log(
      `  memory grew by ${grownMb.toFixed(1)} MB; event loop late by ${delayP99Ms.toFixed(1)} ms (p99), ${delayMaxMs.toFixed(0)} ms at most`,
    )
    console.log(
      `  a product page: p99 ${meanwhileP99Ms.toFixed(1)} ms, alone ${aloneP99Ms.toFixed(1)} ms: ${slowdown.toFixed(2)} times`,
    )
    console.log(`  ${failed} of ${looks} product pages failed`)
  }
  for (const fault of faults) console.log(`NOT HELD: ${fault}`)
}
