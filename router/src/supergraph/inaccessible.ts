import { Kind, parse, type ConstDirectiveNode, type DefinitionNode, type DocumentNode, type SchemaDefinitionNode } from 'graphql'

/** Says that clients do not see a field. */
export const inaccessible: ConstDirectiveNode = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'inaccessible' } }

const url = 'https://specs.apollo.dev/inaccessible/v0.2'

const isNamed = (definition: DefinitionNode) =>
  definition.kind === Kind.DIRECTIVE_DEFINITION && definition.name.value === 'inaccessible'

/** Links the specification of `@inaccessible` to a supergraph that has no use for it by itself. */
export function hideFields(supergraph: DocumentNode): DocumentNode {
  if (supergraph.definitions.some(isNamed)) return supergraph
  const { definitions } = parse(
    `schema @link(url: "${url}", for: SECURITY) { query: Query }
    directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION`,
    { noLocation: true },
  )
  const [link, directive] = definitions as [SchemaDefinitionNode, DefinitionNode]
  const linked = supergraph.definitions.map((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION
      ? { ...definition, directives: [...(definition.directives ?? []), ...(link.directives ?? [])] }
      : definition,
  )
  return { ...supergraph, definitions: [...linked, directive] }
}
