import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { IsOfType } from './possible-types.ts'

/** What selections are read with. */
export interface Selecting {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly isOfType: IsOfType
  /** Variables of conditions, coerced. */
  readonly coerced: Readonly<Record<string, unknown>>
}

/** The fields of an object of one type, by response name, in the order in which the result has them. */
export function collectFields(
  selecting: Selecting,
  typename: string,
  selectionSets: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>()
  const spread = new Set<string>()
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isIncluded(selection, selecting)) continue
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value
        const known = fields.get(name)
        if (known) known.push(selection)
        else fields.set(name, [selection])
        continue
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : unseen(selecting, spread, selection.name.value)
      const condition = fragment?.typeCondition?.name.value
      if (fragment && (condition === undefined || selecting.isOfType(typename, condition))) collect(fragment.selectionSet)
    }
  }
  selectionSets.forEach(collect)
  return fields
}

function unseen({ fragments }: Selecting, spread: Set<string>, name: string): FragmentDefinitionNode | undefined {
  if (spread.has(name)) return undefined
  spread.add(name)
  return fragments.get(name)
}

function isIncluded(node: SelectionNode, { coerced }: Selecting): boolean {
  if (!node.directives || node.directives.length === 0) return true
  if (getDirectiveValues(GraphQLSkipDirective, node, coerced)?.['if'] === true) return false
  return getDirectiveValues(GraphQLIncludeDirective, node, coerced)?.['if'] !== false
}
