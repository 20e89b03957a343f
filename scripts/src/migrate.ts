import { domains } from '@pasar/shared/domains'
import { readSettings } from '@pasar/shared/process/settings'
import { runCommand } from './command.ts'
import { migrateDatabase } from './migrate/database.ts'
import { dataFolder } from './paths.ts'
import { openMarketDatabases } from './postgres/market-databases.ts'
import { stopAsked } from './stop-asked.ts'

/** `npm run migrate`: brings all six databases up to date, those that the environment names or the embedded ones. */
await runCommand(async () => {
  stopAsked()
  const databases = await openMarketDatabases(process.env, { dataDir: dataFolder(readSettings(process.env)), say: console.log })
  try {
    await Promise.all(
      domains.map(async (domain) => {
        const applied = await migrateDatabase({ domain, url: databases.urlFor(domain), ownerUrl: databases.ownerUrlFor(domain) })
        console.log(`${domain}: ${applied.length > 0 ? `applied ${applied.join(', ')}` : 'up to date'}`)
      }),
    )
  } finally {
    await databases.stop()
  }
})
