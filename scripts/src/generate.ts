import { runCommand } from './command.ts'
import { generateClients } from './generate/clients.ts'
import { generateResolverTypes } from './generate/resolver-types.ts'

/** `npm run generate`: makes what the sources need and git does not hold. `--force` makes it all anew. */
await runCommand(async () => {
  await generateClients({ force: process.argv.includes('--force'), say: console.log })
  const files = await generateResolverTypes()
  console.log(`Made the resolver types of ${files.length} subgraphs`)
})
