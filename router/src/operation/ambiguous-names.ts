import { Kind, print, visit, type DocumentNode, type FieldNode, type ObjectValueNode, type SelectionNode } from 'graphql'
import { fragmentsOf, operationsOf, selectionsIn } from './root-selections.ts'

/** What response names mean, in the order of the document. */
export type Meanings = ReadonlyMap<string, readonly string[]>

/** The name of a field in the result. */
export const responseName = ({ alias, name }: FieldNode): string => alias?.value ?? name.value

/** One text for arguments that are the same to whoever validates: in whatever order, within objects too. */
export const argumentsText = ({ arguments: given = [] }: FieldNode): string =>
  given
    .map((argument) => print(visit(argument, { ObjectValue: { leave: sorted } })))
    .toSorted()
    .join(',')

const sorted = (node: ObjectValueNode): ObjectValueNode => ({
  ...node,
  fields: node.fields.toSorted((one, other) => (one.name.value < other.name.value ? -1 : 1)),
})

/** What a field's response name stands for. */
export const meaningOf = (node: FieldNode): string => `${node.name.value}(${argumentsText(node)})`

/**
 * Response names that mean several things at one path, as they may under different members of a union or an interface. The planner joins
 * what it asks of a subgraph at one path, and of fields of one name it keeps the first.
 */
export function ambiguousNames(document: DocumentNode): Meanings {
  const several = namesOfSeveral(document)
  const found = new Map<string, readonly string[]>()
  if (several.size === 0) return found
  const fragments = fragmentsOf(document)
  const walk = (selections: readonly SelectionNode[]) => {
    const known = new Map<string, string>()
    const below = new Map<string, SelectionNode[]>()
    for (const node of selectionsIn(selections, fragments)) {
      if (node.kind !== Kind.FIELD) continue
      const name = responseName(node)
      const meanings = several.get(name)
      const meaning = meanings ? meaningOf(node) : ''
      if (meanings && (known.get(name) ?? meaning) !== meaning) found.set(name, meanings)
      known.set(name, meaning)
      const key = `${name}:${meaning}`
      below.set(key, [...(below.get(key) ?? []), ...(node.selectionSet?.selections ?? [])])
    }
    below.forEach(walk)
  }
  for (const { selectionSet } of operationsOf(document)) walk(selectionSet.selections)
  return found
}

/** In most documents there are none. */
function namesOfSeveral(document: DocumentNode): Meanings {
  const found = new Map<string, Set<string>>()
  visit(document, {
    Field(node) {
      const name = responseName(node)
      found.set(name, (found.get(name) ?? new Set()).add(meaningOf(node)))
    },
  })
  return new Map([...found].filter(([, meanings]) => meanings.size > 1).map(([name, meanings]) => [name, [...meanings]]))
}
