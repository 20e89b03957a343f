import { Supergraph } from '@apollo/federation-internals'
import {
  buildSchema,
  getArgumentValues,
  graphql,
  isAbstractType,
  isObjectType,
  printSchema,
  type ExecutionResult,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionNode,
} from 'graphql'
import { indexFederation, type FederationIndex } from './federation-index.ts'
import { isRow, type Case, type Fixture, type Row, type World } from './fixture.ts'
import { fieldsIn, writtenArguments } from './selections.ts'
import { openWorld, resolved, rootValue, shapeOf, type MembersOf } from './world.ts'

/** One schema over all records, without federation: it says what the answer has to be. */
export interface Oracle {
  readonly schema: GraphQLSchema
  readonly membersOf: MembersOf
  ask(asked: Case): Promise<ExecutionResult>
}

interface Site {
  readonly schema: GraphQLSchema
  readonly fixture: Fixture
  readonly indexes: readonly FederationIndex[]
  readonly membersOf: MembersOf
}

/** Makes the merged schema of a composed supergraph executable. */
export function openOracle(fixture: Fixture, supergraph: string): Oracle {
  const schema = buildSchema(printSchema(Supergraph.build(supergraph).apiSchema().toGraphQLJSSchema()))
  const membersOf = membersIn(schema)
  const site: Site = { schema, fixture, membersOf, indexes: Object.values(fixture.subgraphs).map(indexFederation) }
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = (row: Row) => String(row['__typename'])
    if (isObjectType(type) && !type.name.startsWith('__')) attach(site, type, type === schema.getQueryType())
  }
  return {
    schema,
    membersOf,
    ask: ({ query, variables, operationName }) =>
      graphql({
        schema,
        source: query,
        contextValue: openWorld(fixture, membersOf),
        variableValues: variables ?? {},
        operationName: operationName ?? null,
      }),
  }
}

function membersIn(schema: GraphQLSchema): MembersOf {
  const members = new Map(
    Object.values(schema.getTypeMap())
      .filter((type) => isAbstractType(type))
      .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
  )
  return (type) => members.get(type) ?? []
}

function attach(site: Site, type: GraphQLObjectType, isQuery: boolean) {
  for (const field of Object.values(type.getFields())) {
    field.resolve = (row: Row | undefined, args: Row, world: World) => {
      const told = tell({ ...site, world }, { ...row, __typename: type.name }, { field: field.name, args })
      return told === undefined && isQuery ? rootValue(world, shapeOf(field.type), args) : told
    }
  }
}

interface Asked {
  readonly field: string
  readonly args: Row
}

/** What a field of a record is. */
function tell(site: Site & { readonly world: World }, row: Row, { field, args }: Asked): unknown {
  const { fixture, world, indexes } = site
  const type = String(row['__typename'])
  const names = [type, ...indexes.flatMap((index) => index.get(type)?.interfaces ?? [])]
  const compute = names.map((name) => fixture.compute?.[`${name}.${field}`]).find((found) => found !== undefined)
  if (!compute) return resolved(world, row[field])
  const requires = indexes
    .flatMap((index) => names.map((name) => index.get(name)?.requires.get(field)))
    .find((found) => found !== undefined)
  const of = requires ? project(site, row, requires) : row
  return resolved(world, compute(of as never, args as never, world))
}

/** What a representation of a record would say of a field set. */
function project(site: Site & { readonly world: World }, value: unknown, selections: readonly SelectionNode[]): unknown {
  if (Array.isArray(value)) return value.map((item) => project(site, item, selections))
  if (!isRow(value) || selections.length === 0) return value
  const type = String(value['__typename'])
  const isOf = (name: string) => name === type || site.membersOf(name).includes(type)
  const entries = fieldsIn(selections, isOf).map((node) => {
    const told = tell(site, value, { field: node.name.value, args: argumentsOf(site, type, node) })
    return [node.name.value, project(site, told ?? null, node.selectionSet?.selections ?? [])] as const
  })
  return { ...Object.fromEntries(entries), __typename: value['__typename'] }
}

/** With defaults, where clients may know them. */
function argumentsOf({ schema }: Site, type: string, node: FieldNode): Row {
  const known = schema.getType(type)
  const field = isObjectType(known) ? known.getFields()[node.name.value] : undefined
  return field ? getArgumentValues(field, node) : writtenArguments(node)
}
