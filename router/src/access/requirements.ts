import type { Access } from '@pasar/shared/subgraph/access'
import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { fragmentsOf } from '../operation/root-selections.ts'
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

/** Where in the operation a selection stands. */
interface Scope {
  /** The type that its fields are looked up on. */
  readonly type: string
  /** What an object here can be: every type condition on the way leaves fewer. */
  readonly possible: ReadonlySet<string>
  readonly path: readonly string[]
}

const rootNames = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const

/** Collects the rules of every field of the expanded operation. The operation is valid and within limits, so the walk is short. */
export function requirementsOf(
  index: AccessIndex,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly Requirement[] {
  const walk: Walk = { index, fragments: fragmentsOf(document), found: new Map() }
  const type = rootNames[operation.operation]
  visitSelections(walk, operation.selectionSet, { type, possible: index.possibleTypes(type), path: [] })
  return [...walk.found.values()]
}

function visitSelections(walk: Walk, { selections }: SelectionSetNode, scope: Scope): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      visitField(walk, selection, scope)
      continue
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments.get(selection.name.value)
    if (fragment) visitSelections(walk, fragment.selectionSet, within(walk.index, scope, fragment.typeCondition?.name.value))
  }
}

function within(index: AccessIndex, scope: Scope, condition: string | undefined): Scope {
  if (condition === undefined) return scope
  const allowed = index.possibleTypes(condition)
  return { type: condition, possible: new Set([...scope.possible].filter((type) => allowed.has(type))), path: scope.path }
}

function visitField(walk: Walk, { name: { value: name }, alias, selectionSet }: FieldNode, scope: Scope): void {
  // Introspection is allowed or refused as a whole, by a validation rule.
  if (name.startsWith('__')) return
  const { index, found } = walk
  const path = [...scope.path, alias?.value ?? name]
  for (const access of [...scope.possible].flatMap((type) => index.rulesOf(type, name))) {
    const key = JSON.stringify(access)
    if (!found.has(key)) found.set(key, { access, path })
  }
  const output = index.outputType(scope.type, name)
  // What the walk cannot follow it cannot allow.
  if (!output) throw new Error(`The supergraph with access rules has no field ${scope.type}.${name}`)
  if (selectionSet) visitSelections(walk, selectionSet, { type: output, possible: index.possibleTypes(output), path })
}
