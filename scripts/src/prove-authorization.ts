import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSupergraph } from '@pasar/schema/load'
import { derivedId } from '@pasar/shared/ids'
import { demoAccounts } from '@pasar/router/pages/demo-accounts'
import { format, resolveConfig } from 'prettier'
import { runCommand } from './command.ts'
import { root } from './paths.ts'
import {
  askRouter,
  askSubgraphs,
  rowsWithoutAnything,
  signInAll,
  type AskRow,
  type KnownIds,
} from './prove/authorization/ask-rows.ts'
import { askForBelongings } from './prove/authorization/belongings.ts'
import { forgeCalls } from './prove/authorization/forged-calls.ts'
import type { Hearing } from './prove/authorization/others.ts'
import { roleNames } from './prove/authorization/roles.ts'
import { readSupergraph } from './prove/authorization/supergraph.ts'
import { keyOf, readTable, rowsOf, tableText, type Row } from './prove/authorization/table.ts'
import { postGraph } from './prove/graph-answer.ts'
import { readOptions } from './prove/options.ts'
import { openSeededMarket, type SeededMarket } from './prove/seeded-market.ts'
import { StartProblem } from './start-problem.ts'

const file = join(root, 'router/access-table.md')

/** `npm run prove:authorization -- [--json] [--write]`: every cell of the access table, asked of a market; what is another's, asked by everybody else; and forged calls to subgraphs. */
await runCommand(async () => {
  const { json, write } = readOptions({ json: 'switch', write: 'switch' })
  const graph = readSupergraph(loadSupergraph().full)
  const rows = rowsOf(graph)
  const text = await format(tableText(rows), { ...(await resolveConfig(file)), parser: 'markdown' })
  if (write) {
    writeFileSync(file, text)
    console.log(`Wrote ${rows.length} rows`)
    return
  }
  const committed = readFileSync(file, 'utf8')
  if (committed !== text)
    throw new StartProblem('router/access-table.md is not what the supergraph says: run with --write, and read what changed')
  const say = (line: string) => console.error(line)
  const market = await openSeededMarket({}, say)
  try {
    const asked = await askAll(market, graph, { rows, table: readTable(committed) })
    const others = await askForBelongings(market, say)
    const forged = await forgeCalls(market, 1_000)
    const accepted = forged.reduce((sum, one) => sum + one.accepted, 0)
    const calls = forged.reduce((sum, one) => sum + one.calls, 0)
    const summary = { rows: rows.length, ...asked, others, forgedCalls: calls, forgedAccepted: accepted, forged }
    report(summary, json)
    const isBroken = asked.different.length > 0 || accepted > 0 || others.faults.length > 0
    if (isBroken || calls === 0) process.exitCode = 1
  } finally {
    await market.stop()
  }
})

interface Asked {
  readonly cells: number
  readonly asWritten: number
  readonly absent: number
  readonly different: readonly string[]
}

async function askAll(
  market: SeededMarket,
  graph: ReturnType<typeof readSupergraph>,
  { rows, table }: { rows: readonly Row[]; table: ReturnType<typeof readTable> },
): Promise<Asked> {
  const router = askRouter(market, graph, await signInAll(market))
  const subgraphs = await askSubgraphs(market, graph, await knownIds(market))
  const different: string[] = []
  let cells = 0
  let absent = 0
  for (const row of rows) {
    const ask: AskRow = row.way.includes(' at ') ? subgraphs : router
    for (const role of roleNames) {
      const verdict = await ask(row, role)
      const written = table.get(keyOf(row))?.includes(role) ?? false
      cells += 1
      const isAbsent = rowsWithoutAnything.includes(keyOf(row))
      if (verdict === 'absent') absent += 1
      if (isAbsent ? verdict !== 'absent' : (verdict === 'open') !== written || verdict === 'absent')
        different.push(`${keyOf(row)} as ${role}: ${verdict}`)
    }
  }
  return { cells, asWritten: cells - different.length, absent, different }
}

/** Things of the demo market. */
async function knownIds({ url }: SeededMarket): Promise<KnownIds> {
  const query =
    '{ products(first: 20) { edges { node { id shop { id } variants { id } reviews(first: 1) { edges { node { id } } } } } } }'
  const { data } = await postGraph(url, JSON.stringify({ query }))
  const { edges } = (data as { products: { edges: { node: Shelved }[] } }).products
  const { node: first } = edges[0]!
  const [review] = edges.flatMap(({ node }) => node.reviews.edges)
  const buyer = derivedId('account', 'demo', demoAccounts[0].email)
  return { Product: first.id, Shop: first.shop.id, Variant: first.variants[0]!.id, Review: review!.node.id, User: buyer }
}

interface Shelved {
  readonly id: string
  readonly shop: { readonly id: string }
  readonly variants: readonly { readonly id: string }[]
  readonly reviews: { readonly edges: readonly { readonly node: { readonly id: string } }[] }
}

type Summary = Asked & {
  readonly rows: number
  readonly others: Hearing
  readonly forgedCalls: number
  readonly forgedAccepted: number
  readonly forged: readonly { readonly kind: string; readonly calls: number; readonly accepted: number }[]
}

function report(summary: Summary, isJson: boolean): void {
  if (isJson) {
    console.log(JSON.stringify(summary))
    return
  }
  const { rows, cells, asWritten, absent, different, others, forged, forgedCalls, forgedAccepted } = summary
  console.log(
    `${rows} rows, ${cells} cells: ${asWritten} as written (${absent} of them, as is written too, because there was nothing to be had)`,
  )
  for (const line of different) console.log(`  not as written: ${line}`)
  console.log(
    `${others.asked} times somebody else asked for what is of an order or a shop, or tried to change it: ${others.faults.length} not as it should be`,
  )
  for (const line of others.faults) console.log(`  ${line}`)
  console.log(`${forgedCalls} forged calls to subgraphs: ${forgedAccepted} accepted`)
  for (const { kind, calls, accepted } of forged) console.log(`  ${kind}: ${calls} calls, ${accepted} accepted`)
}
