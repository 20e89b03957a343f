import { Kind, type DocumentNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionNode } from 'graphql'

/** Fragments of a document by name. */
export const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION).map((one) => [one.name.value, one]),
  )

/** Operations of a document, in order. */
export const operationsOf = (document: DocumentNode): readonly OperationDefinitionNode[] =>
  document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)

/** Everything selected at the root of an operation: fields, and the fragments on the way to them. */
export const rootSelections = (
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionNode[] => selectionsIn(operation.selectionSet.selections, fragments)

/**
 * Everything selected at one place: fields, and the fragments on the way to them. A fragment that is spread twice selects the same fields
 * once, so it is followed once.
 */
export function selectionsIn(
  selections: readonly SelectionNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionNode[] {
  const followed = new Set<string>()
  const collect = (selections: readonly SelectionNode[]): SelectionNode[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection]
      if (selection.kind === Kind.INLINE_FRAGMENT) return [selection, ...collect(selection.selectionSet.selections)]
      const fragment = followed.has(selection.name.value) ? undefined : fragments.get(selection.name.value)
      followed.add(selection.name.value)
      return [selection, ...collect(fragment?.selectionSet.selections ?? [])]
    })
  return collect(selections)
}
