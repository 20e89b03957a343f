import { accessOf } from '@pasar/shared/subgraph/access'
import {
  buildASTSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  parse,
  type ConstDirectiveNode,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'
import { argumentOf } from '../supergraph/argument.ts'

/** What may be kept for everyone, and for how long, from the full supergraph. What nobody marked may not be kept. */
export interface CacheIndex {
  /** Seconds for which values of a field may be kept; undefined when they may not. For an abstract type, on every type it can be. */
  maxAgeOf(type: string, field: string): number | undefined
  /** Whether the field is a part of a key by which some subgraph finds the type. */
  isKey(type: string, field: string): boolean
  /** Whether something of this type can be an entity. */
  isEntity(type: string): boolean
  isAbstract(type: string): boolean
  /** Whether owners may see more of the field's values than everyone else; for an abstract type, on any type it can be. */
  ownersSeeMore(type: string, field: string): boolean
  isList(type: string, field: string): boolean
  /** Named type of a field's values, if it has fields itself. */
  outputType(type: string, field: string): string | undefined
}

type Node = { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined

/** Reads the marks; throws for one that contradicts itself, so that nothing is kept by a slip of the pen. */
export function openCacheIndex(supergraph: string): CacheIndex {
  const schema = buildASTSchema(parse(supergraph, { noLocation: true }), { assumeValidSDL: true, assumeValid: true })
  const faults = faultsOf(schema)
  if (faults.length > 0) throw new Error(`@cacheControl cannot be followed: ${faults.join('; ')}`)
  const possible = (type: string): readonly string[] => possibleTypes(schema, type)
  return {
    maxAgeOf: (type, field) => {
      const ages = possible(type).map((one) => ageOf(schema, one, field))
      return ages.length === 0 || ages.includes(undefined) ? undefined : Math.min(...(ages as number[]))
    },
    isKey: (type, field) => {
      const types = possible(type)
      return types.length > 0 && types.every((one) => keyFields(schema.getType(one)).has(field))
    },
    isEntity: (type) => possible(type).some((one) => keyFields(schema.getType(one)).size > 0),
    isAbstract: (type) => isAbstractType(schema.getType(type)),
    ownersSeeMore: (type, field) => possible(type).some((one) => isWider(fieldOf(schema, one, field)?.astNode)),
    isList: (type, field) => isListType(getNullableType(fieldOf(schema, type, field)?.type)),
    outputType: (type, field) => {
      const output = fieldOf(schema, type, field)?.type
      const named = output && getNamedType(output)
      return isCompositeType(named) ? named.name : undefined
    },
  }
}

function possibleTypes(schema: GraphQLSchema, name: string): readonly string[] {
  const type = schema.getType(name)
  if (isObjectType(type)) return [name]
  return isAbstractType(type) ? schema.getPossibleTypes(type).map((one) => one.name) : []
}

function fieldOf(schema: GraphQLSchema, type: string, field: string) {
  const owner = schema.getType(type)
  return isObjectType(owner) || isInterfaceType(owner) ? owner.getFields()[field] : undefined
}

function ageOf(schema: GraphQLSchema, type: string, field: string): number | undefined {
  const definition = fieldOf(schema, type, field)
  if (!definition || isGuarded(schema, type, field)) return undefined
  return publicAge(markOf(definition.astNode) ?? markOf(schema.getType(type)?.astNode))
}

function isGuarded(schema: GraphQLSchema, type: string, field: string): boolean {
  const definition = fieldOf(schema, type, field)
  const nodes: Node[] = [schema.getType(type)?.astNode, definition?.astNode, definition && getNamedType(definition.type).astNode]
  return nodes.some((node) => (accessOf(node)?.kind ?? 'public') !== 'public')
}

const markOf = (node: Node) => node?.directives?.find(({ name }) => name.value === 'cacheControl')

const isWider = (node: Node): boolean => node?.directives?.some(({ name }) => name.value === 'ownersSeeMore') === true

function publicAge(mark: ConstDirectiveNode | undefined): number | undefined {
  if (!mark || argumentOf(mark, 'scope') !== 'PUBLIC') return undefined
  const maxAge = Number(argumentOf(mark, 'maxAge') ?? 0)
  return maxAge > 0 ? maxAge : undefined
}

/** Fields of every key of a type that say all they are by themselves. */
function keyFields(type: GraphQLNamedType | undefined): ReadonlySet<string> {
  const keys = (type?.astNode?.directives ?? [])
    .filter(({ name }) => name.value === 'join__type')
    .map((directive) => argumentOf(directive, 'key') ?? '')
    .flatMap((key) => (key.includes('{') ? [] : key.split(/[\s,]+/)))
  return new Set(keys.filter(Boolean))
}

/** A mark on a whole entity would cover what other subgraphs add to it; a mark on what needs a role contradicts it. */
function faultsOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type)) return []
    const entity = markOf(type.astNode) && keyFields(type).size > 0
    const guarded = Object.values(type.getFields()).filter(
      ({ name, astNode }) => publicAge(markOf(astNode)) !== undefined && isGuarded(schema, type.name, name),
    )
    return [
      ...(entity ? [`${type.name} is an entity: mark its fields`] : []),
      ...guarded.map(({ name }) => `${type.name}.${name} is not for everyone`),
    ]
  })
}
