import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLScalarType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql'

/** Makes a subgraph answer whatever its records hold, also what is not of the field's type, as a faulty server would. */
export function uncheckLeaves(schema: GraphQLSchema): void {
  const loose = new Map<string, GraphQLScalarType>()
  const looseOf = (type: GraphQLOutputType): GraphQLOutputType => {
    if (isNonNullType(type)) return new GraphQLNonNull(looseOf(type.ofType) as GraphQLScalarType)
    if (isListType(type)) return new GraphQLList(looseOf(type.ofType))
    if (!isLeafType(type)) return type
    const known = loose.get(type.name) ?? new GraphQLScalarType({ name: type.name, serialize: (value) => value })
    loose.set(type.name, known)
    return known
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) continue
    for (const field of Object.values(type.getFields())) field.type = looseOf(field.type)
  }
}
