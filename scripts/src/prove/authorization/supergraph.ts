import { printSchema, Supergraph } from '@apollo/federation-internals'
import { accessOf, type Access } from '@pasar/shared/subgraph/access'
import type { Domain } from '@pasar/shared/domains'
import {
  buildASTSchema,
  buildSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'

/** A supergraph as the table is made from it. */
export interface ReadSupergraph {
  /** With every rule, and with what clients do not see. */
  readonly full: GraphQLSchema
  /** What clients see. */
  readonly api: GraphQLSchema
}

type Field = GraphQLField<unknown, unknown>

/** Reads the full supergraph. */
export const readSupergraph = (text: string): ReadSupergraph => ({
  full: buildASTSchema(parse(text), { assumeValidSDL: true, assumeValid: true }),
  api: buildSchema(printSchema(Supergraph.build(text, { supportedFeatures: null }).apiSchema())),
})

/** Fields of a type that has some. */
export const fieldsOf = (type: GraphQLNamedType | undefined): readonly Field[] =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []

/** Everything that is asked of whoever selects a field: by its type, by itself, by what it gives. */
export function rulesOn({ full }: ReadSupergraph, typeName: string, fieldName: string): readonly Access[] {
  const type = full.getType(typeName)
  const field = fieldsOf(type).find(({ name }) => name === fieldName)
  const gives = field && full.getType(getNamedType(field.type).name)
  return [accessOf(type?.astNode), accessOf(field?.astNode), accessOf(gives?.astNode)].filter((rule) => rule !== undefined)
}

/** A field outside the roots that has a rule, with the subgraphs that answer for it. */
export interface ProtectedField {
  readonly type: string
  readonly field: string
  readonly domains: readonly Domain[]
}

const roots = new Set(['Query', 'Mutation', 'Subscription'])

/** Every protected field outside the roots. */
export const protectedFields = (graph: ReadSupergraph): readonly ProtectedField[] =>
  Object.values(graph.full.getTypeMap())
    .filter((type) => isObjectType(type) && !roots.has(type.name) && !type.name.startsWith('__'))
    .flatMap((type) =>
      fieldsOf(type)
        .filter((field) => accessOf(field.astNode) ?? accessOf(type.astNode))
        .map((field) => ({ type: type.name, field: field.name, domains: domainsOf(field) })),
    )

/** Subgraphs that answer for a field. */
export const domainsOf = ({ astNode }: Field): readonly Domain[] =>
  (astNode?.directives ?? []).filter(({ name }) => name.value === 'join__field').flatMap(graphOf)

function graphOf({ arguments: given = [] }: ConstDirectiveNode): Domain[] {
  const graph = given.find(({ name }) => name.value === 'graph')
  const external = given.find(({ name }) => name.value === 'external')
  if (!graph || external) return []
  return [String(valueFromASTUntyped(graph.value)).toLowerCase() as Domain]
}
