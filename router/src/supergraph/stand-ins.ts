import {
  Kind,
  parse,
  print,
  type ArgumentNode,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionNode,
  type TypeNode,
} from 'graphql'
import { argumentOf } from './argument.ts'
import { hideFields, inaccessible } from './inaccessible.ts'

/**
 * The planner knows a field by its name and not by its arguments: where `@requires` asks for a field that takes some, a client's other
 * arguments, or another `@requires`, would be taken for them. So the planner gets a field of its own for each set of arguments, which
 * no client sees, and its plans are told afterwards what such a field stands for.
 */
export interface StandIn {
  /** The field that it stands for, and with what. */
  readonly field: string
  readonly arguments: readonly ArgumentNode[]
}

/** Names of stand-ins by where a representation carries them: the names of fields on the way, with dots. */
export type StandInsByPath = ReadonlyMap<string, ReadonlySet<string>>

/** A supergraph whose field sets need no arguments. */
export interface WithStandIns {
  readonly supergraph: DocumentNode
  readonly standIns: ReadonlyMap<string, StandIn>
  /** What fields with `@requires` read through stand-ins, by `Type.field`. */
  readonly readers: ReadonlyMap<string, StandInsByPath>
}

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode

interface Making {
  readonly types: ReadonlyMap<string, Composite>
  readonly standIns: Map<string, StandIn>
  /** By type and stand-in, the subgraphs that read it there. */
  readonly added: Map<string, Map<string, Set<string>>>
  readonly prefix: string
}

/** Gives the planner's supergraph a stand-in for each field with arguments that a field set names. */
export function withStandIns(supergraph: DocumentNode): WithStandIns {
  const types = new Map(supergraph.definitions.filter(isComposite).map((type) => [type.name.value, type]))
  const making: Making = { types, standIns: new Map(), added: new Map(), prefix: freePrefix(types) }
  const readers = new Map<string, StandInsByPath>()
  const rewritten = new Map([...types].map(([name, type]) => [name, withFieldSets(making, type, readers)]))
  if (making.standIns.size === 0) return { supergraph, standIns: making.standIns, readers }
  const definitions = supergraph.definitions.map((definition) => {
    if (!isComposite(definition)) return definition
    return withAdded(making, rewritten.get(definition.name.value) ?? definition)
  })
  return { supergraph: hideFields({ ...supergraph, definitions }), standIns: making.standIns, readers }
}

const isComposite = (definition: DefinitionNode): definition is Composite =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION

function freePrefix(types: ReadonlyMap<string, Composite>): string {
  const names = [...types.values()].flatMap(({ fields = [] }) => fields.map(({ name }) => name.value))
  let prefix = '_given'
  while (names.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`
  return prefix
}

function withFieldSets(making: Making, type: Composite, readers: Map<string, StandInsByPath>): Composite {
  const fields = type.fields?.map((field) => {
    const paths = new Map<string, Set<string>>()
    const directives = field.directives?.map((directive) => withFieldSet(making, { type, directive, paths }))
    if (paths.size > 0) readers.set(`${type.name.value}.${field.name.value}`, paths)
    return { ...field, ...(directives && { directives }) }
  })
  return { ...type, ...(fields && { fields }) }
}

interface Reading {
  readonly type: Composite
  readonly directive: ConstDirectiveNode
  readonly paths: Map<string, Set<string>>
}

function withFieldSet(making: Making, { type, directive, paths }: Reading): ConstDirectiveNode {
  const set = directive.name.value === 'join__field' && directive.arguments?.find(({ name }) => name.value === 'requires')
  if (!set || set.value.kind !== Kind.STRING) return directive
  const [definition] = parse(`{ ${set.value.value} }`, { noLocation: true }).definitions
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return directive
  const before = definition.selectionSet.selections
  const selections = stoodIn({ making, paths, graph: graphOf(directive) }, before, { type: type.name.value, path: [] })
  const value = { ...set.value, value: selections.map(print).join(' ') }
  return { ...directive, arguments: directive.arguments?.map((one) => (one === set ? { ...one, value } : one)) ?? [] }
}

interface Place {
  readonly type: string
  readonly path: readonly string[]
}

interface Walk {
  readonly making: Making
  /** The subgraph that reads. */
  readonly graph: string
  readonly paths: Map<string, Set<string>>
}

function stoodIn(walk: Walk, selections: readonly SelectionNode[], { type, path }: Place): readonly SelectionNode[] {
  return selections.map((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection
    const { selectionSet } = selection
    const inside = (place: Place) =>
      selectionSet && { selectionSet: { ...selectionSet, selections: stoodIn(walk, selectionSet.selections, place) } }
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return { ...selection, ...inside({ type: selection.typeCondition?.name.value ?? type, path }) }
    const field = walk.making.types.get(type)?.fields?.find(({ name }) => name.value === selection.name.value)
    const below = [...path, selection.name.value]
    const deeper = inside({ type: field ? namedType(field.type) : '', path: below })
    if (!field?.arguments?.length) return { ...selection, ...deeper }
    const name = standInFor(walk, type, selection)
    walk.paths.set(below.join('.'), (walk.paths.get(below.join('.')) ?? new Set()).add(name))
    return { ...selection, ...deeper, name: { kind: Kind.NAME, value: name }, arguments: [] }
  })
}

/** The same arguments of the same field have the same stand-in. */
function standInFor({ making, graph }: Walk, type: string, { name, arguments: given = [] }: FieldNode): string {
  const { standIns, added, types, prefix } = making
  const written = given.map(print).toSorted().join(', ')
  const isSame = ({ field, arguments: others }: StandIn) =>
    field === name.value && others.map(print).toSorted().join(', ') === written
  const known = [...standIns].find(([, one]) => isSame(one))?.[0]
  const standIn = known ?? `${prefix}${standIns.size + 1}_${name.value}`
  standIns.set(standIn, { field: name.value, arguments: given })
  for (const owner of [type, ...implementers(types, type)]) {
    if (!types.get(owner)?.fields?.some((one) => one.name.value === name.value)) continue
    const of = added.get(owner) ?? new Map<string, Set<string>>()
    added.set(owner, of.set(standIn, (of.get(standIn) ?? new Set()).add(graph)))
  }
  return standIn
}

const implementers = (types: Making['types'], name: string): string[] =>
  [...types.values()]
    .filter(({ interfaces = [] }) => interfaces.some((one) => one.name.value === name))
    .map((type) => type.name.value)

/** A type with its stand-ins, and without what subgraphs only knew of their fields in order to read them. */
function withAdded(making: Making, type: Composite): Composite {
  const added = making.added.get(type.name.value)
  if (!added) return type
  const fields = type.fields?.flatMap((field) => {
    const reading = [...added].filter(([name]) => making.standIns.get(name)?.field === field.name.value)
    const readers = new Set(reading.flatMap(([, graphs]) => [...graphs]))
    return [without(making, type, { field, readers }), ...reading.map(([name, graphs]) => standInDefinition(name, field, graphs))]
  })
  return { ...type, ...(fields && { fields }) }
}

interface Read {
  readonly field: FieldDefinitionNode
  readonly readers: ReadonlySet<string>
}

/** An external field that nothing needs is an error; what an interface of its subgraph has is needed. */
function without({ types }: Making, type: Composite, { field, readers }: Read): FieldDefinitionNode {
  if (readers.size === 0) return field
  const isNeededIn = (graph: string) =>
    (type.directives ?? []).some((directive) => {
      if (directive.name.value !== 'join__implements' || graphOf(directive) !== graph) return false
      const known = types
        .get(argumentOf(directive, 'interface') ?? '')
        ?.fields?.find((one) => one.name.value === field.name.value)
      const joins = known?.directives?.filter(({ name }) => name.value === 'join__field') ?? []
      return known !== undefined && (joins.length === 0 || joins.some((join) => graphOf(join) === graph))
    })
  const isSuperfluous = (directive: ConstDirectiveNode) =>
    isExternal(directive) && readers.has(graphOf(directive)) && !isNeededIn(graphOf(directive))
  return { ...field, directives: field.directives?.filter((directive) => !isSuperfluous(directive)) ?? [] }
}

/** Told by the subgraphs that tell the field, and known to those that read it. */
function standInDefinition(
  name: string,
  { type, directives = [] }: FieldDefinitionNode,
  readers: ReadonlySet<string>,
): FieldDefinitionNode {
  const joins = directives.filter(
    (directive) => directive.name.value === 'join__field' && (!isExternal(directive) || readers.has(graphOf(directive))),
  )
  return { kind: Kind.FIELD_DEFINITION, name: { kind: Kind.NAME, value: name }, type, directives: [...joins, inaccessible] }
}

const isExternal = (directive: ConstDirectiveNode) => argumentOf(directive, 'external') === 'true'

const graphOf = (directive: ConstDirectiveNode) => argumentOf(directive, 'graph') ?? ''

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)
}
