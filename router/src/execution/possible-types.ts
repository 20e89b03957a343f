import { isAbstractType, isInterfaceType, isObjectType, type GraphQLOutputType, type GraphQLSchema } from 'graphql'

/** Whether an object whose `__typename` is `name` is of the type `condition`. */
export type IsOfType = (name: unknown, condition: string) => boolean

/** Answers for the supergraph's types, inaccessible ones included; the name may be an interface's where a subgraph knows only that. */
export function openIsOfType(schema: GraphQLSchema): IsOfType {
  const known = new Map<string, ReadonlySet<unknown>>()
  const namesOf = (condition: string): ReadonlySet<unknown> => {
    const type = schema.getType(condition)
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : []
    const interfaces = isInterfaceType(type) ? schema.getImplementations(type).interfaces : []
    return new Set([condition, ...[...possible, ...interfaces].map(({ name }) => name)])
  }
  return (name, condition) => {
    if (name === condition) return true
    let names = known.get(condition)
    if (!names) known.set(condition, (names = namesOf(condition)))
    return names.has(name)
  }
}

/** The type of a field of the type `name`; undefined where the schema has neither. */
export type TypeOfField = (name: unknown, field: string) => GraphQLOutputType | undefined

/** Answers for the supergraph's types, inaccessible ones included. */
export const openTypeOfField =
  (schema: GraphQLSchema): TypeOfField =>
  (name, field) => {
    const type = typeof name === 'string' ? schema.getType(name) : undefined
    return isObjectType(type) || isInterfaceType(type) ? type.getFields()[field]?.type : undefined
  }
