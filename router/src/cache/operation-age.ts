import {
  getOperationAST,
  Kind,
  OperationTypeNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Admitted } from '../operation/admit.ts'
import { fragmentsOf } from '../operation/root-selections.ts'
import type { CacheIndex } from './cache-index.ts'

interface Walk {
  readonly index: CacheIndex
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

/** Seconds for which the answer to a query may be kept by anybody: the least of all its fields; undefined when one may not be kept. */
export function operationAge(index: CacheIndex, { document, operationName }: Admitted): number | undefined {
  const operation = getOperationAST(document, operationName)
  if (operation?.operation !== OperationTypeNode.QUERY) return undefined
  const age = ageOf({ index, fragments: fragmentsOf(document) }, 'Query', operation.selectionSet)
  return Number.isFinite(age) ? age : undefined
}

/** Infinity for a selection that says nothing but type names, NaN for one that may not be kept. */
const ageOf = (walk: Walk, type: string, { selections }: SelectionSetNode): number =>
  Math.min(
    ...selections.map((selection) => {
      if (selection.kind === Kind.FIELD) return fieldAge(walk, type, selection)
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection
      return inner ? ageOf(walk, inner.typeCondition?.name.value ?? type, inner.selectionSet) : NaN
    }),
  )

function fieldAge(walk: Walk, type: string, { name: { value: name }, selectionSet }: FieldNode): number {
  const { index } = walk
  if (name === '__typename' || index.isKey(type, name)) return Infinity
  const age = index.maxAgeOf(type, name) ?? NaN
  const output = index.outputType(type, name)
  if (!selectionSet) return age
  return output === undefined ? NaN : Math.min(age, ageOf(walk, output, selectionSet))
}
