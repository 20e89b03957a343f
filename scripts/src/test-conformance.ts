import { openSubgraphServer } from '@pasar/router/conformance/engine/subgraph-server'
import { families } from '@pasar/router/conformance/families'
import { runFamily, runProtocols, type FamilyResult } from '@pasar/router/conformance/run-all'
import { openRouterUnderTest } from '@pasar/router/conformance/under-test'
import { runCommand } from './command.ts'
import { StartProblem } from './start-problem.ts'

const asJson = process.argv.includes('--json')

/** `npm run test:conformance`: small supergraphs through the router over HTTP, each answer held against one merged schema; and the protocols. */
await runCommand(async () => {
  const server = await openSubgraphServer()
  const run = { server, openRouter: openRouterUnderTest }
  const done: FamilyResult[] = []
  for (const family of families) done.push(tell(await runFamily(run, family)))
  const protocols = (await runProtocols(run)).map(tell)
  await server.stop()
  const summary = summarise(done, protocols)
  if (asJson) console.log(JSON.stringify(summary, null, 2))
  else console.log(`${line('merged schema', summary.mergedSchema)}\n${line('protocols', summary.protocols)}`)
  const failed = summary.failures.length
  if (failed > 0) throw new StartProblem(`${failed} ${failed === 1 ? 'case differs' : 'cases differ'}`)
})

function tell(family: FamilyResult): FamilyResult {
  if (asJson) return family
  console.log(line(family.family, count([family])))
  for (const { title, wrong } of family.results.filter((result) => !isRight(result)))
    console.log(`  ${title}\n${wrong.map((sentence) => `    ${sentence}`).join('\n')}`)
  return family
}

interface Count {
  readonly supergraphs: number
  readonly cases: number
  readonly passed: number
}

function isRight({ wrong }: { readonly wrong: readonly string[] }): boolean {
  return wrong.length === 0
}

function count(of: readonly FamilyResult[]): Count {
  return {
    supergraphs: of.reduce((sum, { supergraphs }) => sum + supergraphs, 0),
    cases: of.reduce((sum, { results }) => sum + results.length, 0),
    passed: of.reduce((sum, { results }) => sum + results.filter(isRight).length, 0),
  }
}

function line(name: string, { supergraphs, cases, passed }: Count): string {
  return `${name.padEnd(40)} ${String(supergraphs).padStart(3)} supergraphs ${String(passed).padStart(4)} of ${String(cases).padStart(4)} cases`
}

function summarise(merged: readonly FamilyResult[], protocols: readonly FamilyResult[]) {
  const all = [...merged, ...protocols]
  const results = all.flatMap(({ family, results }) => results.map((result) => ({ family, ...result })))
  return {
    mergedSchema: count(merged),
    protocols: count(protocols),
    families: all.map((family) => ({ family: family.family, ...count([family]) })),
    exceptions: results.flatMap(({ family, title, because }) => (because === undefined ? [] : [{ family, title, because }])),
    failures: results.filter((result) => !isRight(result)),
  }
}
