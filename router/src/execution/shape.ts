import {
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'
import { refuseLong } from './answer-length.ts'
import { collectFields, type Selecting } from './collect-fields.ts'
import { isObject } from './execution.ts'
import { leafWriter } from './leaves.ts'
import type { Write } from './writing.ts'

/** What a result's shape is made from. */
export interface ShapeOptions extends Selecting {
  /** The schema that clients see. */
  readonly schema: GraphQLSchema
  /** Private response names, back to those of the client. */
  readonly aliases: ReadonlyMap<string, string>
}

/** Compiles how objects of a type become JSON text under a selection: order, names, leaf checks, nulls that rise. */
export function compileObject(
  options: ShapeOptions,
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
): Write {
  if (isObjectType(type)) return writeShared(compileFields(options, type, selectionSets))
  const byType = new Map<string, Write>()
  const writeAs = (typename: string): Write | undefined => {
    const known = byType.get(typename)
    if (known) return known
    const concrete = options.schema.getType(typename)
    if (!isObjectType(concrete) || !isAbstractType(type) || !options.schema.isSubType(type, concrete)) return undefined
    const write = writeShared(compileFields(options, concrete, selectionSets))
    byType.set(typename, write)
    return write
  }
  // Null where it makes none; found out when it is needed, which for most interfaces is never.
  let unnamed: Write | null | undefined
  const writeUnnamed = () => {
    if (unnamed === undefined) unnamed = isInterfaceType(type) ? compileUnnamed(options, type, selectionSets) : null
    return unnamed
  }
  return (value, writing) => {
    const typename = isObject(value) ? value['__typename'] : undefined
    const named = typeof typename === 'string' && typename !== type.name ? writeAs(typename) : undefined
    const write = named ?? (typename === undefined || typename === type.name ? writeUnnamed() : null)
    return write ? write(value, writing) : writing.refuse(`a value of ${type.name}`)
  }
}

/**
 * How an object is written of which only its interface is known, as the subgraphs that extend an interface know no more; null where the
 * object's own type would make a difference.
 */
function compileUnnamed(
  options: ShapeOptions,
  type: GraphQLInterfaceType,
  selectionSets: readonly SelectionSetNode[],
): Write | null {
  const countFor = (name: string) => [...collectFields(options, name, selectionSets).values()].flat().length
  const fields = collectFields(options, type.name, selectionSets)
  if ([...fields.values()].some(([node]) => node?.name.value === '__typename')) return null
  const count = countFor(type.name)
  if (options.schema.getPossibleTypes(type).some(({ name }) => countFor(name) !== count)) return null
  return writeShared(compileFields(options, type, selectionSets))
}

/** Objects that stand at several places are written once, unless something in them is an error, which has a path. */
const writeShared =
  (write: Write): Write =>
  (value, writing) => {
    if (!writing.shared.has(value as object)) return write(value, writing)
    const known = writing.written.get(value as object)
    if (known?.by === write) return known.text
    const before = writing.errors.length
    const text = write(value, writing)
    if (text !== undefined && writing.errors.length === before) writing.written.set(value as object, { by: write, text })
    return text
  }

type Fielded = GraphQLObjectType | GraphQLInterfaceType

interface FieldShape {
  /** Name in the data. */
  readonly key: string
  /** Name for the client. */
  readonly name: string
  readonly label: string
  readonly write: Write
}

function compileFields(options: ShapeOptions, type: Fielded, selectionSets: readonly SelectionSetNode[]): Write {
  const fields = [...collectFields(options, type.name, selectionSets)].flatMap(([key, nodes]): FieldShape[] => {
    const name = options.aliases.get(key) ?? key
    const write = compileField(options, type, nodes)
    return write ? [{ key, name, label: `${JSON.stringify(name)}:`, write }] : []
  })
  return (value, writing) => {
    if (!isObject(value)) return writing.refuse(`an object of ${type.name}`)
    const { path } = writing
    const depth = path.length
    let text = ''
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index]!
      path[depth] = field.name
      const inner = field.write(value[field.key], writing, value)
      if (inner === undefined) {
        path.length = depth
        return undefined
      }
      text += index === 0 ? field.label + inner : `,${field.label}${inner}`
    }
    path.length = depth
    return `{${text}}`
  }
}

function compileField(options: ShapeOptions, type: Fielded, nodes: readonly FieldNode[]): Write | undefined {
  const { value: name } = nodes[0]!.name
  if (name === '__typename') {
    const text = JSON.stringify(type.name)
    return () => text
  }
  // What the schema says of itself comes as it is.
  if (name === '__schema' || name === '__type') return (value) => JSON.stringify(value ?? null)
  const field = type.getFields()[name]
  if (!field) return undefined
  const selectionSets = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []))
  return compileValue(options, field.type, { selectionSets, name: `${type.name}.${name}` })
}

interface Selected {
  readonly selectionSets: readonly SelectionSetNode[]
  /** `Type.field`, for messages. */
  readonly name: string
}

function compileValue(options: ShapeOptions, type: GraphQLOutputType, selected: Selected): Write {
  if (!isNonNullType(type)) return nullable(compileNullable(options, type, selected))
  const write = compileNullable(options, type.ofType, selected)
  return (value, writing, parent) => {
    if (value === null || value === undefined) return writing.missing(selected.name, parent)
    const text = write(value, writing, parent)
    // What is absent is null without an error, but not here.
    return text === undefined && writing.absent.has(value) ? writing.missing(selected.name, parent) : text
  }
}

const nullable =
  (write: Write): Write =>
  (value, writing, parent) => {
    if (value === null) return 'null'
    if (value !== undefined) {
      const text = write(value, writing, parent)
      if (text === undefined && writing.absent.has(value)) writing.absences.push([...writing.path])
      return text ?? 'null'
    }
    // At the root nothing else would tell that nobody was asked.
    if (writing.path.length === 1) writing.refuse('this field')
    return 'null'
  }

function compileNullable(options: ShapeOptions, type: GraphQLOutputType, selected: Selected): Write {
  if (isListType(type)) return compileList(compileValue(options, type.ofType, selected), selected)
  if (isLeafType(type)) {
    const write = leafWriter(type)
    return (value, writing) => write(value) ?? writing.refuse(`a value of ${type.name}`)
  }
  // Only when asked for: what no result holds costs nothing, and selections nest.
  let write: Write | undefined
  return (value, writing, parent) => {
    write ??= compileObject(options, type as GraphQLCompositeType, selected.selectionSets)
    return write(value, writing, parent)
  }
}

const compileList =
  (write: Write, { name }: Selected): Write =>
  (value, writing, parent) => {
    if (!Array.isArray(value)) return writing.refuse(`a list for ${name}`)
    const { path } = writing
    const depth = path.length
    let text = ''
    for (let index = 0; index < value.length; index++) {
      path[depth] = index
      const item = write(value[index] ?? null, writing, parent)
      if (item === undefined) {
        path.length = depth
        return undefined
      }
      text += index === 0 ? item : `,${item}`
      refuseLong(writing.kind, text)
    }
    path.length = depth
    return `[${text}]`
  }
