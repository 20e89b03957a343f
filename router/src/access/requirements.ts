import type { Access } from '@pasar/shared/access'
import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { AccessIndex } from './access-index.ts'

/** Rules that an operation's viewer must pass, with the path of the first field that asks for each. */
export interface Requirement {
  readonly access: Access
  /** Response names from the root; list positions are not known yet. */
  readonly path: readonly string[]
}

interface Walk {
  readonly index: AccessIndex
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly found: Map<string, Requirement>
}

interface Scope {
  readonly type: string
  readonly path: readonly string[]
}

const rootNames = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const

/** Collects the rules of every field of the expanded operation. The operation is valid and within limits, so the walk is short. */
export function requirementsOf(
  index: AccessIndex,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly Requirement[] {
  const fragments = new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  )
  const walk: Walk = { index, fragments, found: new Map() }
  visitSelections(walk, operation.selectionSet, { type: rootNames[operation.operation], path: [] })
  return [...walk.found.values()]
}

function visitSelections(walk: Walk, { selections }: SelectionSetNode, scope: Scope): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const name = selection.name.value
      // Introspection is allowed or refused as a whole, by a validation rule.
      if (name.startsWith('__')) continue
      const path = [...scope.path, selection.alias?.value ?? name]
      demand(walk, { type: scope.type, path }, name)
      const output = walk.index.outputType(scope.type, name)
      // What the walk cannot follow it cannot allow.
      if (!output) throw new Error(`The supergraph with access rules has no field ${scope.type}.${name}`)
      if (selection.selectionSet) visitSelections(walk, selection.selectionSet, { type: output, path })
      continue
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments.get(selection.name.value)
    if (!fragment) continue
    const condition = fragment.typeCondition?.name.value ?? scope.type
    visitSelections(walk, fragment.selectionSet, { type: narrower(walk.index, scope.type, condition), path: scope.path })
  }
}

/** Inside `... on Node` of a Product only a Product is meant: the type that can be fewer things decides. */
function narrower(index: AccessIndex, outer: string, condition: string): string {
  return index.possibleTypes(outer).length < index.possibleTypes(condition).length ? outer : condition
}

function demand({ index, found }: Walk, { type, path }: Scope, field: string): void {
  for (const access of index.rulesOf(type, field)) {
    const key = JSON.stringify(access)
    if (!found.has(key)) found.set(key, { access, path })
  }
}
