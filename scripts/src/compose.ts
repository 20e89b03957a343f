import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSubgraphSdl } from '@pasar/schema/load'
import { domains } from '@pasar/shared/domains'
import { runCommand } from './command.ts'
import { composeSupergraph } from './compose/compose-supergraph.ts'
import { staleFiles } from './compose/stale-files.ts'
import { root } from './paths.ts'
import { StartProblem } from './start-problem.ts'

/** `npm run compose`: writes both supergraphs. `--check` compares them with what is there. */
await runCommand(async () => {
  const { full, gateway } = composeSupergraph(domains.map((name) => ({ name, sdl: loadSubgraphSdl(name) })))
  const files = { [join(root, 'schema/supergraph.graphql')]: full, [join(root, 'schema/supergraph.gateway.graphql')]: gateway }
  if (process.argv.includes('--check')) {
    const stale = staleFiles(files, readIfThere)
    if (stale.length > 0)
      throw new StartProblem(`Not what the subgraphs compose to; run "npm run compose" and commit:\n${stale.join('\n')}`)
    console.log('The supergraph is what the subgraphs compose to')
    return
  }
  for (const [path, text] of Object.entries(files)) writeFileSync(path, text)
  console.log(`Composed ${domains.length} subgraphs`)
})

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
