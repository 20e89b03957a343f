import { isEnumType, Kind, parse, type DocumentNode, type GraphQLSchema } from 'graphql'
import { argumentOf } from './argument.ts'

/** By what subgraphs know entities; of a key that goes deeper, the fields at its top count. */
export interface EntryKeys {
  /** Whether a representation holds all of a key by which the subgraph knows the type that it names. */
  isNamed(subgraph: string, representation: Readonly<Record<string, unknown>>): boolean
  /** Whether a field is of a key, where the subgraph cannot be asked for the type by any. */
  isOfNameOnly(subgraph: string, type: string, field: string): boolean
}

interface Key {
  readonly subgraph: string
  readonly fields: readonly string[]
  readonly resolvable: boolean
}

/** Reads what composition wrote of keys. */
export function openEntryKeys(schema: GraphQLSchema): EntryKeys {
  const graphs = graphsOf(schema)
  const known = new Map<string, readonly Key[]>()
  const read = (type: string): readonly Key[] =>
    (schema.getType(type)?.astNode?.directives ?? []).flatMap((directive) => {
      const key = directive.name.value === 'join__type' ? argumentOf(directive, 'key') : undefined
      const subgraph = graphs.get(argumentOf(directive, 'graph') ?? '')
      if (key === undefined || subgraph === undefined) return []
      return [{ subgraph, fields: namesIn(parse(`{${key}}`)), resolvable: argumentOf(directive, 'resolvable') !== 'false' }]
    })
  const keysOf = (subgraph: string, type: string): readonly Key[] => {
    const keys = known.get(type) ?? read(type)
    // Types are known by the schema; anything else that a subgraph says is not remembered.
    if (schema.getType(type)) known.set(type, keys)
    return keys.filter((key) => key.subgraph === subgraph)
  }
  return {
    isNamed: (subgraph, representation) =>
      keysOf(subgraph, String(representation['__typename'])).some(({ fields }) =>
        fields.every((field) => representation[field] !== undefined),
      ),
    isOfNameOnly(subgraph, type, field) {
      const keys = keysOf(subgraph, type)
      return keys.every(({ resolvable }) => !resolvable) && keys.some(({ fields }) => fields.includes(field))
    },
  }
}

/** Names of the subgraphs by those that composition gave them. */
function graphsOf(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const graphs = schema.getType('join__Graph')
  const values = isEnumType(graphs) ? graphs.getValues() : []
  return new Map(
    values.map(({ name, astNode }) => {
      const join = astNode?.directives?.find((directive) => directive.name.value === 'join__graph')
      return [name, (join && argumentOf(join, 'name')) ?? name]
    }),
  )
}

const namesIn = ({ definitions: [definition] }: DocumentNode): readonly string[] =>
  definition?.kind === Kind.OPERATION_DEFINITION
    ? definition.selectionSet.selections.flatMap((node) => (node.kind === Kind.FIELD ? [node.name.value] : []))
    : []
