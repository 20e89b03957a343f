import { domains } from '@pasar/shared/domains'
import { runCommand } from './command.ts'
import { diffDatabase, migrateDatabase } from './migrate/database.ts'
import { defaultDataDir } from './paths.ts'
import { startPostgres } from './postgres/server.ts'
import { StartProblem } from './start-problem.ts'

/** `npm run draft-migration -- orders`: prints the SQL that takes the domain's migrations to its schema.prisma, as a start for the next one. */
await runCommand(async () => {
  const domain = domains.find((name) => name === process.argv[2])
  if (domain === undefined) throw new StartProblem(`Name the domain: ${domains.join(', ')}`)
  const server = await startPostgres({ dataDir: defaultDataDir, mode: 'throwaway', say: console.error })
  try {
    await migrateDatabase({ domain, url: server.urlFor(domain), ownerUrl: server.ownerUrlFor(domain) })
    console.log(
      (await diffDatabase({ domain, url: server.ownerUrlFor(domain) })) || '-- The migrations already lead to schema.prisma.',
    )
  } finally {
    await server.stop()
  }
})
