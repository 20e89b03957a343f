import { runCommand } from './command.ts'
import { copyCheckout, staleMutants, type Fate } from './prove/mutants/copy.ts'
import type { Mutant } from './prove/mutants/mutant.ts'
import { mutants } from './prove/mutants/mutants.ts'
import { readOptions } from './prove/options.ts'
import { openProgress } from './prove/shares.ts'
import { StartProblem } from './start-problem.ts'

/** `npm run prove:mutants -- [--json] [--only regex]`: breaks one promise after the other in a copy; a test must go red for each. */
await runCommand(async () => {
  const { json, only: pattern = '.' } = readOptions({ json: 'switch', only: 'text' })
  const only = new RegExp(pattern)
  const chosen = mutants.filter(({ name }) => only.test(name))
  const stale = staleMutants(chosen)
  if (stale.length > 0)
    throw new StartProblem(
      `The text of these mutants is not there exactly once; bring the table up to date: ${stale.map(({ name }) => name).join(', ')}`,
    )
  const since = performance.now()
  const { fates, isGreenAgain } = await tryAll(chosen)
  const left = fates.filter(({ fate }) => fate !== 'killed')
  const lived = left.map(({ mutant: { name, test }, fate }) => ({ name, fate, test: test.join(': ') }))
  const seconds = Math.round((performance.now() - since) / 1000)
  const killed = fates.length - left.length
  const isWhole = fates.length === mutants.length
  const ok = left.length === 0 && fates.length > 0 && isGreenAgain
  const summary = { ok, isGreenAgain, isWhole, mutants: fates.length, killed, lived, seconds }
  if (json) console.log(JSON.stringify(summary))
  else console.log(`${killed} of ${fates.length} mutants were killed by the test that is named for them, in ${seconds} s`)
  if (!isGreenAgain)
    console.error('In the end the tests are red although nothing is broken: not every mutant was killed by itself.')
  if (!ok) process.exitCode = 1
})

interface Tried {
  readonly mutant: Mutant
  readonly fate: Fate
}

interface AllTried {
  readonly fates: readonly Tried[]
  /** Whether the tests are green in the end, too: what went red meanwhile did so for a mutant. */
  readonly isGreenAgain: boolean
}

/** Breaks one after the other, once it is known that the tests are green where nothing is broken. */
async function tryAll(chosen: readonly Mutant[]): Promise<AllTried> {
  const copy = copyCheckout()
  try {
    if (!(await copy.isGreen(chosen))) throw new StartProblem('The tests are red although nothing is broken: mend that first.')
    const progress = openProgress(chosen.length)
    const fates: Tried[] = []
    for (const mutant of chosen) {
      fates.push({ mutant, fate: await copy.try(mutant) })
      console.error(`${progress(fates.length)}; ${fates.at(-1)!.fate}: ${mutant.name}`)
    }
    return { fates, isGreenAgain: await copy.isGreen(chosen) }
  } finally {
    copy.remove()
  }
}
