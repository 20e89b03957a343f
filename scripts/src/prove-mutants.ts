import { runCommand } from './command.ts'
import { copyCheckout, type Fate } from './prove/mutants/copy.ts'
import { mutants, type Mutant } from './prove/mutants/mutants.ts'
import { hasOption, textOption } from './prove/numbers.ts'

/** `npm run prove:mutants -- [--json] [--only regex]`: breaks one promise after the other in a copy; a test must go red for each. */
await runCommand(async () => {
  const only = new RegExp(textOption('only') ?? '.')
  const chosen = mutants.filter(({ name }) => only.test(name))
  const copy = copyCheckout()
  const fates: { readonly mutant: Mutant; readonly fate: Fate }[] = []
  try {
    for (const mutant of chosen) {
      const fate = await copy.try(mutant)
      fates.push({ mutant, fate })
      console.error(`${fate}: ${mutant.name}`)
    }
  } finally {
    copy.remove()
  }
  const left = fates.filter(({ fate }) => fate !== 'killed')
  const lived = left.map(({ mutant: { name, test }, fate }) => ({ name, fate, test: test.join(': ') }))
  const summary = { ok: left.length === 0 && fates.length > 0, mutants: fates.length, killed: fates.length - left.length, lived }
  if (hasOption('json')) console.log(JSON.stringify(summary))
  else console.log(`${summary.killed} of ${summary.mutants} mutants were killed by the test that is named for them`)
  if (!summary.ok) process.exitCode = 1
})
