import fc from 'fast-check'
import { runCommand } from './command.ts'
import { openTowns } from './prove/crash/tell-all.ts'
import { commands } from './prove/model/commands.ts'
import { newModel } from './prove/model/model.ts'
import { openReal, startPrice, startUnits } from './prove/model/real.ts'
import { hasOption, numberOption } from './prove/numbers.ts'
import { startProofServer } from './prove/world/server.ts'

/** `npm run prove:model -- [--json] [--runs n] [--commands n] [--seed n]`: lives of orders made by chance, deaths included, against a pure model. */
await runCommand(async () => {
  const say = (line: string) => console.error(line)
  const seed = numberOption('seed', Math.floor(Math.random() * 1_000_000))
  const runs = numberOption('runs', 1_000)
  const commandsMax = numberOption('commands', 60)
  say(`seed ${seed}`)
  const server = await startProofServer(say)
  const towns = openTowns(server)
  const since = performance.now()
  const told = { runs: 0, commands: 0, deaths: 0 }
  const property = fc.asyncProperty(fc.commands(commands, { maxCommands: commandsMax, size: 'max' }), async (steps) => {
    const town = await towns.town()
    const real = await openReal(town, seed + told.runs)
    const model = () =>
      newModel(
        town.world.clock.now().getTime(),
        Array.from({ length: 2 }, () => ({ price: startPrice, free: startUnits })),
      )
    try {
      await fc.asyncModelRun(() => ({ model: model(), real }), steps)
      const broken = await town.world.invariants.settled()
      if (broken.length > 0) throw new Error(broken.map(({ invariant, what }) => `${invariant}: ${what}`).join('\n'))
    } catch (error) {
      towns.spoil()
      throw error
    } finally {
      town.world.watch = async () => undefined
      await town.world.revive()
      told.runs += 1
      told.commands += [...steps].filter((one) => (one as { hasRan?: boolean }).hasRan).length
      told.deaths += real.deaths
      if (told.runs % 50 === 0) say(`${told.runs} runs, ${told.commands} commands, ${told.deaths} deaths`)
    }
  })
  try {
    const found = await fc.check(property, {
      numRuns: runs,
      seed,
      interruptAfterTimeLimit: numberOption('seconds', 36_000) * 1_000,
    })
    const seconds = Math.round((performance.now() - since) / 1000)
    const { failed, numRuns, interrupted } = found
    const counterexample = failed ? fc.defaultReportMessage(found) : undefined
    const summary = { ok: !failed, seed, asked: runs, done: numRuns, interrupted, ...told, seconds, counterexample }
    if (hasOption('json')) console.log(JSON.stringify(summary))
    else
      console.log(
        `${numRuns} runs, ${told.commands} commands, ${told.deaths} deaths in ${seconds} s: ${failed ? counterexample : 'as the model'}`,
      )
    if (failed) process.exitCode = 1
  } finally {
    await towns.stop()
    await server.stop()
  }
})
