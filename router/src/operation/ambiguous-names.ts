import { Kind, print, visit, type DocumentNode, type FieldNode, type ObjectValueNode, type SelectionSetNode } from 'graphql'
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
 * what it asks of a subgraph at one path, and of fields of one name it keeps the first. A place that many operations or fragments lead to is
 * looked at once.
 */
export function ambiguousNames(document: DocumentNode): Meanings {
  const { several, which } = namesOfSeveral(document)
  const found = new Map<string, readonly string[]>()
  if (several.size === 0) return found
  const fragments = fragmentsOf(document)
  const isNew = openPlaces()
  const walk = (sets: readonly SelectionSetNode[]) => {
    if (!isNew(sets)) return
    const known = new Map<string, number>()
    const below = new Map<string, SelectionSetNode[]>()
    const selections = sets.flatMap((set) => set.selections)
    for (const node of selectionsIn(selections, fragments)) {
      if (node.kind !== Kind.FIELD) continue
      const name = responseName(node)
      const meaning = which.get(node)!
      if ((known.get(name) ?? meaning) !== meaning) found.set(name, several.get(name)!)
      known.set(name, meaning)
      const key = `${name}:${meaning}`
      const others = below.get(key)
      if (others && node.selectionSet) others.push(node.selectionSet)
      else if (node.selectionSet) below.set(key, [node.selectionSet])
    }
    below.forEach(walk)
  }
  for (const { selectionSet } of operationsOf(document)) walk([selectionSet])
  return found
}

/** Says of what is selected at a place whether it was ever selected together before. */
function openPlaces(): (sets: readonly SelectionSetNode[]) => boolean {
  const numbers = new Map<SelectionSetNode, number>()
  const seen = new Set<string>()
  const numberOf = (set: SelectionSetNode) => {
    const number = numbers.get(set) ?? numbers.size
    numbers.set(set, number)
    return number
  }
  return (sets) => {
    const place = sets.map(numberOf).join()
    return !seen.has(place) && seen.add(place) !== undefined
  }
}

/** What a name's fields mean, where that is more than one thing, which in most documents nothing does; and which of its meanings each field has. */
function namesOfSeveral(document: DocumentNode): { readonly several: Meanings; readonly which: ReadonlyMap<FieldNode, number> } {
  const found = new Map<string, Map<string, number>>()
  const which = new Map<FieldNode, number>()
  visit(document, {
    Field(node) {
      const name = responseName(node)
      const meanings = found.get(name) ?? new Map<string, number>()
      const meaning = meaningOf(node)
      found.set(name, meanings)
      if (!meanings.has(meaning)) meanings.set(meaning, meanings.size)
      which.set(node, meanings.get(meaning)!)
    },
  })
  const several = [...found]
    .filter(([, meanings]) => meanings.size > 1)
    .map(([name, meanings]) => [name, [...meanings.keys()]] as const)
  return { several: new Map(several), which }
}
