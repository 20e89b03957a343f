import { accessOf, type Access } from '@pasar/shared/subgraph/access'
import {
  buildASTSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  parse,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'

/** Who may select what, from the full supergraph. */
export interface AccessIndex {
  /** Every rule that must pass before `field` may be selected on an object of type `parent`: of the type, the field and its values. */
  rulesOf(parent: string, field: string): readonly Access[]
  /** Every object type that something of this type can be. */
  possibleTypes(type: string): ReadonlySet<string>
  /** Named type of a field's values, if the field exists. */
  outputType(parent: string, field: string): string | undefined
}

const readSchema = (supergraph: string) =>
  buildASTSchema(parse(supergraph, { noLocation: true }), { assumeValidSDL: true, assumeValid: true })

const rootTypes = (schema: GraphQLSchema) =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter((type) => type != null)

function uncovered(schema: GraphQLSchema): string[] {
  return rootTypes(schema).flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => !accessOf(field.astNode) && !accessOf(type.astNode))
      .map((field) => `${type.name}.${field.name}`),
  )
}

/** Root fields of a full supergraph that no rule covers; there may be none. */
export const uncoveredRootFields = (supergraph: string): string[] => uncovered(readSchema(supergraph))

/** Reads the rules of a full supergraph; throws when a root field has none, so that nothing is open by oversight. */
export function openAccessIndex(supergraph: string): AccessIndex {
  const schema = readSchema(supergraph)
  const open = uncovered(schema)
  if (open.length > 0) throw new Error(`The router does not start: nothing says who may select ${open.join(', ')}`)
  return accessIndexOf(schema)
}

/** The rules of a supergraph that may be open: a router without identity has nobody to hold them against. */
export const openAccessIndexUnguarded = (supergraph: string): AccessIndex => accessIndexOf(readSchema(supergraph))

function accessIndexOf(schema: GraphQLSchema): AccessIndex {
  const rules = new Map<string, readonly Access[]>()
  const possible = new Map<string, ReadonlySet<string>>()
  return {
    rulesOf(parent, field) {
      const key = `${parent}.${field}`
      const known = rules.get(key) ?? rulesFor(schema, parent, field)
      rules.set(key, known)
      return known
    },
    possibleTypes(name) {
      const known = possible.get(name) ?? new Set(possibleTypesOf(schema, schema.getType(name)).map((type) => type.name))
      possible.set(name, known)
      return known
    },
    outputType: (parent, field) => fieldOf(schema.getType(parent), field)?.output,
  }
}

const possibleTypesOf = (schema: GraphQLSchema, type: GraphQLNamedType | undefined): readonly GraphQLCompositeType[] => {
  if (isAbstractType(type)) return schema.getPossibleTypes(type)
  return isCompositeType(type) ? [type] : []
}

function fieldOf(type: GraphQLNamedType | undefined, name: string) {
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined
  const field = type.getFields()[name]
  return field && { node: field.astNode, output: field.type.toString().replaceAll(/[[\]!]/g, '') }
}

function rulesFor(schema: GraphQLSchema, parent: string, field: string): readonly Access[] {
  const owner = schema.getType(parent)
  const found = fieldOf(owner, field)
  const rules = [accessOf(owner?.astNode), accessOf(found?.node), found && accessOf(schema.getType(found.output)?.astNode)]
  return rules.filter((rule) => rule !== undefined && rule.kind !== 'public')
}
