import { readSettings } from '@pasar/shared/process/settings'
import { runCommand } from './command.ts'
import { dataFolder } from './paths.ts'
import { resetData } from './postgres/reset.ts'

/** `npm run reset`: removes the market's data, so that the next start makes it anew. */
await runCommand(async () => {
  const removed = await resetData(dataFolder(readSettings(process.env)))
  console.log(
    removed.length > 0 ? `Removed ${removed.join(' and ')}: the next npm start begins anew.` : 'There is no data to remove.',
  )
})
