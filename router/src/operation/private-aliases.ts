import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'
import { ambiguousNames, argumentsText, meaningOf, responseName } from './ambiguous-names.ts'

/** Private names of response keys, back to the names that the client chose. */
export type PrivateAliases = ReadonlyMap<string, string>

/** A document that is safe to plan. */
export interface Guarded {
  readonly document: DocumentNode
  readonly aliases: PrivateAliases
}

/**
 * The planner adds keys and `@requires` fields to what the client selects and knows fields by their response name only: a client's
 * `upc: name` would be taken for the key `upc`. Such response names are made private before planning, and given back afterwards; and so
 * are those that mean several things at one path, each thing under a name of its own.
 */
export type AliasGuard = (document: DocumentNode) => Guarded

type ArgumentsByField = ReadonlyMap<string, ReadonlySet<string>>

/** Makes the guard for one supergraph schema (with what is inaccessible to clients: keys may be). */
export function openAliasGuard(schema: GraphQLSchema): AliasGuard {
  const required = requiredArguments(schema)
  const names = new Set(Object.values(schema.getTypeMap()).flatMap((type) => Object.keys(fieldsOf(type))))
  return (document) => {
    const { taken, clashing } = responseNames({ schema, required }, document)
    const ambiguous = ambiguousNames(document)
    if (clashing.size === 0 && ambiguous.size === 0) return { document, aliases: new Map() }
    const prefix = freePrefix([...names, ...taken])
    const aliases = new Map<string, string>()
    const privateName = (node: FieldNode) => {
      const name = responseName(node)
      const others = ambiguous.get(name)?.indexOf(meaningOf(node)) ?? 0
      return others === 0 && !clashing.has(name) ? name : `${prefix}${others || ''}${name}`
    }
    // A name is made private wherever it is used, for selections that merge must go on doing so; but not in what describes the schema.
    const info = new TypeInfo(schema)
    const rename = (node: FieldNode) => {
      const value = privateName(node)
      if (value === responseName(node) || info.getParentType()?.name.startsWith('__')) return undefined
      aliases.set(value, responseName(node))
      return { ...node, alias: { kind: Kind.NAME, value } as const }
    }
    return { document: visit(document, visitWithTypeInfo(info, { Field: { leave: rename } })), aliases }
  }
}

const fieldsOf = (type: unknown) => (isObjectType(type) || isInterfaceType(type) ? type.getFields() : {})

function freePrefix(names: readonly string[]): string {
  let prefix = '_'
  while (names.some((name) => name.startsWith(prefix))) prefix = `_${prefix}x`
  return prefix
}

interface Supergraph {
  readonly schema: GraphQLSchema
  readonly required: ArgumentsByField
}

function responseNames({ schema, required }: Supergraph, document: DocumentNode) {
  const taken = new Set<string>()
  const clashing = new Set<string>()
  const info = new TypeInfo(schema)
  const enter = (node: FieldNode) => {
    const parent = info.getParentType()
    taken.add(responseName(node))
    if (parent && !parent.name.startsWith('__') && clashes({ schema, required }, possible(schema, parent), node))
      clashing.add(responseName(node))
  }
  visit(document, visitWithTypeInfo(info, { Field: { enter } }))
  return { taken, clashing }
}

const possible = (schema: GraphQLSchema, type: GraphQLCompositeType) =>
  isObjectType(type) ? [type] : [type, ...schema.getPossibleTypes(type)]

/** What every object has in JavaScript: as a name in the data it could be taken for a value. */
const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

function clashes({ required }: Supergraph, types: readonly GraphQLCompositeType[], node: FieldNode): boolean {
  const name = responseName(node)
  if (inherited.has(name)) return true
  if (name !== node.name.value) return name === '__typename' || types.some((type) => name in fieldsOf(type))
  return types.some((type) => [...(required.get(`${type.name}.${name}`) ?? [])].some((used) => used !== argumentsText(node)))
}

/** The arguments with which `@requires` asks for a field, by `Type.field`; the client may ask for the same field with others. */
function requiredArguments(schema: GraphQLSchema): ArgumentsByField {
  const found = new Map<string, Set<string>>()
  const walk = (typeName: string, { selections }: SelectionSetNode) => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.typeCondition?.name.value ?? typeName, selection.selectionSet)
        continue
      }
      const key = `${typeName}.${selection.name.value}`
      found.set(key, (found.get(key) ?? new Set()).add(argumentsText(selection)))
      const field = fieldsOf(schema.getType(typeName))[selection.name.value]
      if (selection.selectionSet && field) walk(getNamedType(field.type).name, selection.selectionSet)
    }
  }
  for (const type of Object.values(schema.getTypeMap())) {
    for (const requires of Object.values(fieldsOf(type)).flatMap((field) => requiresOf(field.astNode?.directives ?? []))) {
      walk(type.name, requires)
    }
  }
  return found
}

function requiresOf(directives: NonNullable<FieldNode['directives']>): SelectionSetNode[] {
  return directives
    .filter(({ name }) => name.value === 'join__field')
    .flatMap((directive) => (directive.arguments ?? []).filter(({ name }) => name.value === 'requires'))
    .flatMap(({ value }) => (value.kind === Kind.STRING ? parse(`{${value.value}}`).definitions : []))
    .flatMap((definition) => ('selectionSet' in definition && definition.selectionSet ? [definition.selectionSet] : []))
}
