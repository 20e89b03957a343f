import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSubgraphSdl } from '@pasar/schema/load'
import { domains } from '@pasar/shared/domains'
import { runCommand } from './command.ts'
import { breakingChanges } from './compose/breaking-changes.ts'
import { composeSupergraph } from './compose/compose-supergraph.ts'
import { staleFiles } from './compose/stale-files.ts'
import { root } from './paths.ts'
import { StartProblem } from './start-problem.ts'

const supergraphFile = join(root, 'schema/supergraph.graphql')

/**
 * `npm run compose`: writes both supergraphs. `--check` compares them with what is there. A change that breaks clients of what is there
 * is written only with `--accept-breaking`.
 */
await runCommand(async () => {
  const { full, gateway } = composeSupergraph(domains.map((name) => ({ name, sdl: loadSubgraphSdl(name) })))
  const files = { [supergraphFile]: full, [join(root, 'schema/supergraph.gateway.graphql')]: gateway }
  if (process.argv.includes('--check')) {
    const stale = staleFiles(files, readIfThere)
    if (stale.length > 0)
      throw new StartProblem(`Not what the subgraphs compose to; run "npm run compose" and commit:\n${stale.join('\n')}`)
    console.log('The supergraph is what the subgraphs compose to')
    return
  }
  const committed = readIfThere(supergraphFile)
  const breaking = committed === undefined ? [] : breakingChanges(committed, full)
  if (breaking.length > 0 && !process.argv.includes('--accept-breaking'))
    throw new StartProblem(
      `This breaks clients; if it is meant, run "npm run compose -- --accept-breaking":\n${breaking.join('\n')}`,
    )
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
