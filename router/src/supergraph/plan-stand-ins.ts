import type { FetchDataRewrite, FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner'
import { Kind, parse, stripIgnoredCharacters, print, visit, type DocumentNode, type FieldNode, type SelectionNode } from 'graphql'
import type { StandInsByPath, WithStandIns } from './stand-ins.ts'

type StandIns = Pick<WithStandIns, 'standIns' | 'readers'>

/**
 * Tells a plan what its stand-ins stand for: subgraphs are asked for the fields with their arguments under the stand-ins' names, and are
 * sent representations under the fields' own. Fields that need different arguments of one field are fetched apart.
 */
export function withoutStandIns(plan: QueryPlan, standIns: StandIns): QueryPlan {
  if (standIns.standIns.size === 0 || !plan.node) return plan
  const { node } = plan
  if (node.kind !== 'Subscription') return { ...plan, node: replaced(node, standIns) }
  const rest = node.rest && replaced(node.rest, standIns)
  return { ...plan, node: { ...node, primary: asked(node.primary, standIns), ...(rest && { rest }) } }
}

function replaced(node: PlanNode, standIns: StandIns): PlanNode {
  switch (node.kind) {
    case 'Fetch':
      return apart(node, standIns)
    case 'Flatten':
      return { ...node, node: replaced(node.node, standIns) }
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((inner) => replaced(inner, standIns)) }
    case 'Condition': {
      const ifClause = node.ifClause && replaced(node.ifClause, standIns)
      const elseClause = node.elseClause && replaced(node.elseClause, standIns)
      return { ...node, ...(ifClause && { ifClause }), ...(elseClause && { elseClause }) }
    }
    case 'Defer':
      break
  }
  return node
}

function apart(fetch: FetchNode, standIns: StandIns): PlanNode {
  const parts = partsOf(fetch, standIns)
  if (parts.length < 2) return asked(fetch, standIns)
  const nodes = parts.map(({ operation, reads }) =>
    asked(withOperation({ ...fetch, requires: only(fetch.requires ?? [], reads, standIns.standIns) }, operation), standIns),
  )
  return { kind: 'Parallel', nodes }
}

/** The same fetch with real fields and real representations. */
function asked(fetch: FetchNode, { standIns }: StandIns): FetchNode {
  const document = visit(parse(fetch.operation, { noLocation: true }), {
    Field: (node: FieldNode) => {
      const standIn = standIns.get(node.name.value)
      if (!standIn) return undefined
      const { field, arguments: given } = standIn
      return { ...node, alias: node.alias ?? node.name, name: { kind: Kind.NAME, value: field }, arguments: given }
    },
  })
  const renames = renamesIn(fetch.requires ?? [], standIns, [])
  const inputRewrites = [...renames, ...(fetch.inputRewrites ?? [])]
  return { ...withOperation(fetch, document), ...(renames.length > 0 && { inputRewrites }) }
}

/** From the deepest up, so that the way to each is still there. */
function renamesIn(
  selections: readonly QueryPlanSelectionNode[],
  standIns: StandIns['standIns'],
  path: readonly string[],
): FetchDataRewrite[] {
  return selections.flatMap((selection): FetchDataRewrite[] => {
    if (selection.kind === 'InlineFragment') return renamesIn(selection.selections, standIns, path)
    const below = [...path, selection.name]
    const renameKeyTo = standIns.get(selection.name)?.field
    const deeper = renamesIn(selection.selections ?? [], standIns, below)
    return renameKeyTo === undefined ? deeper : [...deeper, { kind: 'KeyRenamer', path: below, renameKeyTo }]
  })
}

interface Part {
  readonly operation: DocumentNode
  /** The stand-ins that the part's fields read. */
  readonly reads: StandInsByPath
}

interface Reader {
  readonly node: SelectionNode
  readonly reads: StandInsByPath
}

/** Fields of a fetch's entities such that each part needs one set of arguments of each field. */
function partsOf(fetch: FetchNode, { readers }: StandIns): readonly Part[] {
  const document = parse(fetch.operation, { noLocation: true })
  const groups: Reader[][] = []
  for (const reader of readersIn(document, readers)) {
    const group = groups.find((one) => one.every(({ reads }) => agree(reads, reader.reads)))
    if (group) group.push(reader)
    else groups.push([reader])
  }
  if (groups.length < 2) return []
  return groups.map((group, index) => {
    const left = new Set<unknown>(groups.flatMap((other) => (other === group ? [] : other.map(({ node }) => node))))
    const kept = new Set<unknown>(group.map(({ node }) => node))
    // What reads no stand-in stays with the first.
    const goes = (node: SelectionNode) => left.has(node) || (index > 0 && !kept.has(node) && node.kind === Kind.FIELD)
    return { operation: withEntityFields(document, (node) => !goes(node)), reads: union(group.map(({ reads }) => reads)) }
  })
}

/** Fields that entities are entered for, with what they read. */
function readersIn(document: DocumentNode, readers: StandIns['readers']): Reader[] {
  const found: Reader[] = []
  withEntityFields(document, (node, type) => {
    const reads = node.kind === Kind.FIELD ? readers.get(`${type}.${node.name.value}`) : undefined
    if (reads) found.push({ node, reads })
    return true
  })
  return found
}

/** The operation with those fields of its entities that are wanted. */
function withEntityFields(document: DocumentNode, wanted: (node: SelectionNode, type: string) => boolean): DocumentNode {
  const filtered = (selections: readonly SelectionNode[], type: string): SelectionNode[] =>
    selections.flatMap((node): SelectionNode[] => {
      if (node.kind !== Kind.INLINE_FRAGMENT) return wanted(node, type) ? [node] : []
      const inner = filtered(node.selectionSet.selections, node.typeCondition?.name.value ?? type)
      return inner.length === 0 ? [] : [{ ...node, selectionSet: { ...node.selectionSet, selections: inner } }]
    })
  return visit(document, {
    Field: (node) => {
      if (node.name.value !== '_entities' || !node.selectionSet) return undefined
      return { ...node, selectionSet: { ...node.selectionSet, selections: filtered(node.selectionSet.selections, '') } }
    },
  })
}

/** Whether two fields can be computed from one representation. */
const agree = (left: StandInsByPath, right: StandInsByPath) =>
  [...left].every(([path, names]) => {
    const others = right.get(path)
    return !others || (others.size === names.size && [...others].every((name) => names.has(name)))
  })

const union = (all: readonly StandInsByPath[]): StandInsByPath => new Map(all.flatMap((one) => [...one]))

/** What a representation carries, without the stand-ins that others read. */
function only(requires: readonly QueryPlanSelectionNode[], reads: StandInsByPath, standIns: StandIns['standIns']) {
  const kept = (selections: readonly QueryPlanSelectionNode[], path: readonly string[]): QueryPlanSelectionNode[] =>
    selections.flatMap((selection): QueryPlanSelectionNode[] => {
      const standIn = selection.kind === 'Field' ? standIns.get(selection.name) : undefined
      const below = selection.kind === 'Field' ? [...path, standIn?.field ?? selection.name] : path
      if (selection.kind === 'Field' && standIn && !reads.get(below.join('.'))?.has(selection.name)) return []
      if (!selection.selections) return [selection]
      const inner = kept(selection.selections, below)
      return inner.length === 0 ? [] : [{ ...selection, selections: inner }]
    })
  return kept(requires, [])
}

/** The same fetch with another operation, and the variables that it uses. */
function withOperation(fetch: FetchNode, document: DocumentNode): FetchNode {
  const used = new Set<string>()
  visit(document, { VariableDefinition: () => false, Variable: ({ name }) => void used.add(name.value) })
  const fitting = visit(document, { VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null) })
  const variableUsages = fetch.variableUsages?.filter((name) => used.has(name))
  return { ...fetch, operation: stripIgnoredCharacters(print(fitting)), ...(variableUsages && { variableUsages }) }
}
