import { buildSubgraphSchema } from '@apollo/subgraph'
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  parse,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type SelectionNode,
} from 'graphql'
import { indexFederation, isOfType, type FederationIndex } from './federation-index.ts'
import { isRow, type Fixture, type Row, type World } from './fixture.ts'
import { hasFields, pick, subSelection } from './selections.ts'
import { uncheckLeaves } from './unchecked.ts'
import { fits, resolved, rootValue, shapeOf } from './world.ts'

/** Put in front of every subgraph's SDL. */
export const linked = (sdl: string) => `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@tag", "@interfaceObject",
  "@composeDirective", "@cost", "@listSize"
])
${sdl}`

/** One subgraph while a fixture runs. */
export interface Subgraph {
  readonly name: string
  readonly schema: GraphQLSchema
}

interface Site {
  readonly name: string
  readonly fixture: Fixture
  readonly index: FederationIndex
  readonly schema: GraphQLSchema
  world(): World
}

/** A record within one answer, with what the subgraph may tell of it though it is not its own. */
interface Held {
  readonly row: Row
  /** What the router sent. */
  readonly given: Row | undefined
  readonly provided: readonly SelectionNode[]
}

/**
 * A subgraph that tells what its SDL owns and nothing else: external fields only where they are keys, provided, or were sent by the
 * router, and fields with `@requires` from what was sent alone.
 */
export function openSubgraph(fixture: Fixture, name: string, world: () => World): Subgraph {
  const sdl = fixture.subgraphs[name] ?? ''
  const schema = buildSubgraphSchema({ typeDefs: parse(linked(sdl)) })
  const site: Site = { name, fixture, index: indexFederation(sdl), schema, world }
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = (held: Held) => String(held.row['__typename'])
    if (isObjectType(type) && !type.name.startsWith('__')) attach(site, type)
  }
  if (fixture.unchecked?.includes(name)) uncheckLeaves(schema)
  return { name, schema }
}

function attach(site: Site, type: GraphQLObjectType) {
  for (const field of Object.values(type.getFields())) {
    if (field.name === '_service') continue
    field.resolve =
      field.name === '_entities'
        ? (_: unknown, { representations }: { representations: Row[] }) =>
            representations.map(async (representation) => enter(site, representation))
        : (held: Held | undefined, args: Row, ...[, info]: [unknown, GraphQLResolveInfo]) =>
            answer(site, held ?? nothing, { args, info })
  }
}

const nothing: Held = { row: {}, given: undefined, provided: [] }

/** Finds the entity that a representation names. */
function enter({ name, index, schema, world }: Site, representation: Row): unknown {
  const type = String(representation['__typename'])
  const keys = index.get(type)?.keys.filter(({ resolvable }) => resolvable) ?? []
  const key = keys.find(({ fields }) => hasFields(representation, fields))
  if (!key) throw new Error(`${name} cannot be entered with ${JSON.stringify(representation)}`)
  const like = pick(representation, key.fields)
  const row = world()
    .rows(type)
    .find((row) => fits(world(), row, like))
  if (!row || listed(row, '$absent', name)) return null
  if (listed(row, '$broken', name)) throw new Error(`${name} fails for ${type}`)
  // An interface object is told under the interface's name.
  const shown = isObjectType(schema.getType(type)) ? { ...row, __typename: type } : row
  return { row: shown, given: representation, provided: [] } satisfies Held
}

const listed = (row: Row, list: string, name: string) => (row[list] as readonly string[] | undefined)?.includes(name) ?? false

interface Asked {
  readonly args: Row
  readonly info: GraphQLResolveInfo
}

function answer(site: Site, held: Held, { args, info }: Asked): unknown {
  const { fieldName, parentType, returnType } = info
  const type = site.index.get(parentType.name)
  const external = type?.external.has(fieldName) ?? false
  const keys = external ? (type?.keys.map(({ fields }) => fields) ?? []) : []
  const told = provision(held, keys, fieldName) ?? (external ? undefined : [])
  if (!told) throw new Error(`${site.name} does not tell ${parentType.name}.${fieldName}`)
  const sent = external ? held.given?.[fieldName] : undefined
  const value = sent === undefined ? own(site, held, { args, info }) : merge(resolvedOrNull(site, held, fieldName), sent)
  if (!isCompositeType(getNamedType(returnType))) return value
  const provided = [...told, ...(type?.provides.get(fieldName) ?? [])]
  return hold(value, { provided, sent })
}

/** What else may be told below an external field, or undefined where it may not be told itself. */
function provision({ given, provided }: Held, keys: readonly (readonly SelectionNode[])[], field: string) {
  const found = [provided, ...keys].map((selections) => subSelection(selections, field)).filter((below) => below !== undefined)
  if (found.length > 0) return found.flat()
  return given?.[field] === undefined ? undefined : []
}

function own({ name, fixture, index, world, schema }: Site, { row, given }: Held, { args, info }: Asked): unknown {
  const { fieldName, parentType, returnType } = info
  const requires = index.get(parentType.name)?.requires.get(fieldName)
  if (requires && !(given && hasFields(given, requires, isOfType(index))))
    throw new Error(`${parentType.name}.${fieldName} was asked without what it requires: ${JSON.stringify(given)}`)
  const types = [parentType.name, ...parentType.getInterfaces().map((type) => type.name)]
  const compute = types
    .flatMap((type) => [fixture.compute?.[`${name}:${type}.${fieldName}`], fixture.compute?.[`${type}.${fieldName}`]])
    .find((found) => found !== undefined)
  if (compute) return resolved(world(), compute((requires ? given : row) as never, args as never, world()))
  if (parentType === schema.getQueryType()) return rootValue(world(), shapeOf(returnType), args)
  return resolved(world(), row[fieldName])
}

function resolvedOrNull({ world }: Site, { row }: Held, field: string): unknown {
  return resolved(world(), row[field])
}

/** A record of which the router has sent parts. */
function merge(stored: unknown, sent: unknown): unknown {
  if (Array.isArray(sent)) return sent.map((item, index) => merge(Array.isArray(stored) ? stored[index] : undefined, item))
  if (!isRow(sent)) return sent
  return { ...(isRow(stored) ? stored : {}), ...sent }
}

interface Below {
  readonly provided: readonly SelectionNode[]
  readonly sent: unknown
}

function hold(value: unknown, { provided, sent }: Below): unknown {
  if (Array.isArray(value))
    return value.map((item: unknown, index) => hold(item, { provided, sent: Array.isArray(sent) ? sent[index] : undefined }))
  if (!isRow(value) || value instanceof Error) return value
  return { row: value, given: isRow(sent) ? sent : undefined, provided } satisfies Held
}
