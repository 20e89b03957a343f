import { existsSync, readFileSync } from 'node:fs'
import {
  Kind,
  parse,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
  type UnionTypeDefinitionNode,
} from 'graphql'

/** What stands behind types of an SDL, as the generator wants it: a file and a type in it, seen from the generated file. */
type Sources = Readonly<Record<string, string>>

/** What stands behind the types that all subgraphs share. */
const sharedSources: Sources = {
  Money: '@pasar/shared/money#Money as MoneySource',
  Regency: '@pasar/shared/regions#Regency as RegencyRow',
  District: '@pasar/shared/regions#District as DistrictRow',
}

/** `{ "Order": "../domain/order.ts#Order as OrderRow" }`, with `{T}` for the SDL type itself; what is not named there is as usual. */
export function sourcesOf(sdl: string, file: string): Sources {
  const { definitions } = parse(sdl)
  const own = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Sources) : {}
  const types = definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
  const unknown = Object.keys(own).find((name) => !types.some((type) => type.name.value === name))
  if (unknown !== undefined) throw new Error(`${file}: the SDL has no type ${unknown}`)
  const unions = definitions.filter((node) => node.kind === Kind.UNION_TYPE_DEFINITION)
  return { ...usualSources(types, unions), ...own }
}

/**
 * Another subgraph's entity is known by its id, a command's result by the ids of the entities that it is about; the sentence of a problem
 * is put in by the schema.
 */
function usualSources(types: readonly ObjectTypeDefinitionNode[], unions: readonly UnionTypeDefinitionNode[]): Sources {
  const results = new Set(unions.flatMap(({ types = [] }) => types.map(({ name }) => name.value)))
  const entities = new Set(types.filter(isEntity).map(({ name }) => name.value))
  return Object.fromEntries(
    types.flatMap((type) => {
      const name = type.name.value
      if (entities.has(name)) return [[name, '@pasar/shared/subgraph/resolvers#Reference']]
      const isAnswer = results.has(name) || isProblem(type)
      const source = sharedSources[name] ?? (isAnswer ? answered(type, entities) : undefined)
      return source ? [[name, source]] : []
    }),
  )
}

const isEntity = ({ directives = [] }: ObjectTypeDefinitionNode) => directives.some(({ name }) => name.value === 'key')

const isProblem = ({ interfaces = [] }: ObjectTypeDefinitionNode) => interfaces.some(({ name }) => name.value === 'Problem')

function answered(type: ObjectTypeDefinitionNode, entities: ReadonlySet<string>): string | undefined {
  const ids = (type.fields ?? []).filter((field) => entities.has(oneOf(field) ?? '')).map(({ name }) => name.value)
  if (ids.length === 0 && !isProblem(type)) return undefined
  const words = [ids, isProblem(type) ? ['message'] : []].map((names) => names.map((name) => `'${name}'`).join(' | ') || 'never')
  return `@pasar/shared/subgraph/resolvers#Answered<{T}, ${words.join(', ')}>`
}

/** The type that a field has one of; undefined for lists. */
const oneOf = ({ type }: FieldDefinitionNode): string | undefined => {
  const inner: TypeNode = type.kind === Kind.NON_NULL_TYPE ? type.type : type
  return inner.kind === Kind.NAMED_TYPE ? inner.name.value : undefined
}
