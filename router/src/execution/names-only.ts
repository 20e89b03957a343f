import type { FetchNode } from '@apollo/query-planner'
import { Kind, parse, type FieldNode, type SelectionNode } from 'graphql'
import { operationsOf } from '../operation/root-selections.ts'
import type { EntryKeys } from '../supergraph/entry-keys.ts'
import { givesTypeName } from './rewrites.ts'

/** Fields of a key, by the names under which a fetch asks for them. */
export type NamesOnly = readonly (readonly [name: string, field: string])[]

/**
 * What a fetch asks for, where that is the key alone and the subgraph can be asked for no such entity: the planner comes back to an
 * interface object, even to one that its subgraph only refers to, for a member's key under another name. The key is known already.
 */
export function namesOnlyOf(fetch: FetchNode, keys: EntryKeys): NamesOnly | undefined {
  if (!fetch.inputRewrites?.some(givesTypeName)) return undefined
  const asked = entityFields(fetch)
  const isOfName = ({ type, node }: Asked) => !node.selectionSet && keys.isOfNameOnly(fetch.serviceName, type, node.name.value)
  if (asked.length === 0 || !asked.every(isOfName)) return undefined
  return asked.map(({ node }) => [node.alias?.value ?? node.name.value, node.name.value])
}

interface Asked {
  readonly type: string
  readonly node: FieldNode
}

/** But for the type's name, which is known as well as the key is. */
function entityFields({ operation }: FetchNode): readonly Asked[] {
  const fieldsIn = (selections: readonly SelectionNode[], type: string): Asked[] =>
    selections.flatMap((node) => {
      if (node.kind === Kind.FIELD) return node.name.value === '__typename' ? [] : [{ type, node }]
      if (node.kind === Kind.FRAGMENT_SPREAD) return []
      return fieldsIn(node.selectionSet.selections, node.typeCondition?.name.value ?? type)
    })
  return operationsOf(parse(operation, { noLocation: true }))
    .flatMap(({ selectionSet }) => selectionSet.selections)
    .flatMap((root) => (root.kind === Kind.FIELD && root.selectionSet ? fieldsIn(root.selectionSet.selections, '') : []))
}
