import { visit, type ConstDirectiveNode, type DocumentNode, type TypeDefinitionNode } from 'graphql'
import { argumentOf } from './argument.ts'

/**
 * Takes keys that cannot be resolved out of a supergraph. The planner, coming back to a subgraph after `@requires`, takes the first key
 * it finds there, even one that says `resolvable: false`, and what it asks for is null. Such a key adds nothing else to a plan: its
 * fields stay, and the type stays in its subgraph.
 */
export function withoutUnresolvableKeys(supergraph: DocumentNode): DocumentNode {
  const mend = <T extends TypeDefinitionNode>(node: T): T | undefined => {
    const { directives = [] } = node
    return directives.some(isUnresolvable)
      ? { ...node, directives: directives.flatMap((one) => withoutKey(one, directives)) }
      : undefined
  }
  return visit(supergraph, { ObjectTypeDefinition: mend, InterfaceTypeDefinition: mend })
}

const isUnresolvable = (directive: ConstDirectiveNode): boolean =>
  directive.name.value === 'join__type' && argumentOf(directive, 'resolvable') === 'false'

/** Without a key the interface would be none that a subgraph can extend. */
const isInterfaceObject = (directive: ConstDirectiveNode): boolean => argumentOf(directive, 'isInterfaceObject') === 'true'

/** The directive that says that a type is in a subgraph stays once, without its key. */
function withoutKey(directive: ConstDirectiveNode, all: readonly ConstDirectiveNode[]): ConstDirectiveNode[] {
  if (!isUnresolvable(directive)) return [directive]
  const others = all.filter((other) => other.name.value === 'join__type' && graphOf(other) === graphOf(directive))
  // The rest of the subgraph's keys say that the type is there; of several that cannot be resolved the first does.
  const first = others.find((other) => !isUnresolvable(other)) ?? others[0]
  if (first !== directive) return []
  if (isInterfaceObject(directive)) return [directive]
  const kept = directive.arguments?.filter(({ name }) => name.value !== 'key' && name.value !== 'resolvable') ?? []
  return [{ ...directive, arguments: kept }]
}

const graphOf = (directive: ConstDirectiveNode) => argumentOf(directive, 'graph')
