import { systemClock } from '@pasar/shared/clock'
import { readSettings } from '@pasar/shared/process/settings'
import { runCommand } from './command.ts'
import { writingFault } from './import/faults.ts'
import { readyDatabases } from './import/ready-databases.ts'
import { StartProblem } from './start-problem.ts'
import { stopAsked } from './stop-asked.ts'

/** `npm run seed`: makes the demo market, as the first `npm start` does. */
await runCommand(async () => {
  if (readSettings(process.env).NODE_ENV === 'production')
    throw new StartProblem(
      'The demo market has accounts whose passwords everyone knows: it is not made where NODE_ENV is production.',
    )
  stopAsked()
  const databases = await readyDatabases(process.env, console.log)
  try {
    // The database clients that this needs may just have been made.
    const { notSeeded, seedMarket } = await import('./seed/seed-market.ts')
    const seeded = await seedMarket({ databases, clock: systemClock, say: console.log })
    if (seeded === 'refused') throw new StartProblem(notSeeded)
    if (seeded === 'there') console.log('The demo market is there already')
  } catch (error) {
    throw writingFault(error)
  } finally {
    await databases.stop()
  }
})
