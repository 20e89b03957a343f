import { mayAccess } from '@pasar/shared/subgraph/access'
import type { Domain } from '@pasar/shared/domains'
import { pathTo, waysIn, type Step, type WayIn } from './paths.ts'
import { roleNames, viewerOf, type RoleName } from './roles.ts'
import { domainsOf, fieldsOf, protectedFields, rulesOn, type ReadSupergraph } from './supergraph.ts'

/** One row: a way to something, and who may go it. */
export interface Row {
  /** `Type.field`. */
  readonly what: string
  readonly way: WayIn['name'] | 'root' | `_entities at ${Domain}` | `root at ${Domain}`
  /** The way as people read it: `shop.orders`. */
  readonly path: string
  readonly steps: readonly Step[]
  readonly may: Readonly<Record<RoleName, boolean>>
}

const roots = ['Query', 'Mutation', 'Subscription'] as const

/** Every row of a supergraph. */
export function rowsOf(graph: ReadSupergraph): readonly Row[] {
  const viewers = roleNames.map((role) => [role, viewerOf(role)] as const)
  const rowOf = (way: Row['way'], steps: readonly Step[], what = ''): Row => {
    const rules = steps.flatMap((step) => ('field' in step ? rulesOn(graph, step.on, step.field) : []))
    const may = Object.fromEntries(
      viewers.map(([role, viewer]) => [role, rules.every((rule) => mayAccess(viewer, rule))]),
    ) as Row['may']
    return { what, way, path: pathText(steps), steps, may }
  }
  const rootRows = roots.flatMap((root) =>
    fieldsOf(graph.full.getType(root)).flatMap((field) => {
      const steps = [{ field: field.name, on: root }]
      const isPublic = fieldsOf(graph.api.getType(root)).some(({ name }) => name === field.name)
      const what = `${root}.${field.name}`
      const atSubgraph = domainsOf(field).map((domain) => rowOf(`root at ${domain}`, steps, what))
      return isPublic ? [rowOf('root', steps, what), ...atSubgraph] : atSubgraph
    }),
  )
  const fieldRows = protectedFields(graph).flatMap((goal) => {
    const what = `${goal.type}.${goal.field}`
    const steps = [{ field: goal.field, on: goal.type }]
    const ways = waysIn.flatMap((way) => {
      const path = pathTo(graph, way, goal)
      return path ? [rowOf(way.name, path, what)] : []
    })
    return [...ways, ...goal.domains.map((domain) => rowOf(`_entities at ${domain}`, steps, what))]
  })
  return [...rootRows, ...fieldRows]
}

const pathText = (steps: readonly Step[]) => steps.map((step) => ('field' in step ? step.field : `<${step.is}>`)).join('.')

const intro = `# Who may ask for what

Every root field and every protected field of the supergraph, every way in which an operation can come to it (the shortest of each kind;
\`<Type>\` is a type that a union or an interface turns out to be), and who may go it. A way that is not in the table does not exist.
\`root at …\` and \`_entities at …\` are asked of the subgraph itself, past the router, with a signature.

This file is read like code: whoever changes an access directive sees here what that opens. Made by
\`npm run prove:authorization -- --write\`; the same command without \`--write\` asks a market for every cell.
What a viewer may ask for is not yet theirs to see: whose order it is, only the subgraph knows.
`

/** The table as text. */
export function tableText(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const cells = (row: Row) => roleNames.map((role) => (row.may[role] ? 'yes' : '–'))
  const lines = rows.map((row) => line([`\`${row.what}\``, row.way, `\`${row.path}\``, ...cells(row)]))
  const head = ['what', 'way in', 'path', ...roleNames]
  return [intro, line(head), line(head.map(() => '---')), ...lines, ''].join('\n')
}

/** What a committed table says of each row: who may. */
export function readTable(text: string): ReadonlyMap<string, readonly RoleName[]> {
  const rows = text.split('\n').filter((line) => line.startsWith('| `'))
  return new Map(
    rows.map((row) => {
      const [what = '', way = '', path = '', ...cells] = row
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim())
      return [keyOf({ what: bare(what), way, path: bare(path) }), roleNames.filter((_, index) => cells[index] === 'yes')]
    }),
  )
}

const bare = (text: string) => text.replaceAll('`', '')

/** What a row is found by. */
export const keyOf = ({ what, way, path }: { readonly what: string; readonly way: string; readonly path: string }): string =>
  [what, way, path].join(' | ')
