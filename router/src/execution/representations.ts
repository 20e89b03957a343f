import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner'
import { getNamedType, getNullableType, isListType, isNonNullType, type GraphQLOutputType } from 'graphql'
import { isObject, type JsonObject } from './execution.ts'
import { quote } from './leaves.ts'
import type { IsOfType, TypeOfField } from './possible-types.ts'
import { applyRewrites, givesTypeName } from './rewrites.ts'

/** JSON text that names an entity to a subgraph; undefined when the object is no such entity, or lacks what naming it takes. */
export type Represent = (target: JsonObject) => string | undefined

/** What one type's representation is made of. */
interface Flat {
  /** `"name":` before each value. */
  readonly heads: readonly string[]
  readonly names: readonly string[]
}

/** How a fetch names its entities. */
export interface Representations {
  readonly represent: Represent
  /** Whether the object holds nothing but what its representation says: two that are named alike then are alike. */
  isReference(target: JsonObject): boolean
}

interface RepresentationOptions {
  readonly requires: readonly QueryPlanSelectionNode[]
  readonly rewrites: readonly FetchDataRewrite[]
  readonly isOfType: IsOfType
  readonly typeOfField: TypeOfField
  /** Whether the subgraph can be asked for what the representation names. */
  readonly isNamed: (representation: JsonObject) => boolean
}

/** Compiles a fetch's `requires`. */
export function compileRepresentations(options: RepresentationOptions): Representations {
  const { requires, rewrites, isOfType } = options
  const byType = new Map<unknown, Flat | undefined>()
  const flatFor = (typename: unknown): Flat | undefined => {
    const known = byType.get(typename)
    if (known || byType.has(typename)) return known
    const flat = rewrites.length > 0 ? undefined : flatOf(fieldsFor(requires, typename, isOfType))
    // Types are known by the schema; anything else that a subgraph says is not remembered.
    if (byType.size < 1_000) byType.set(typename, flat)
    return flat
  }
  const represent = (target: JsonObject) => {
    const flat = flatFor(target['__typename'])
    return flat ? flatText(target, flat) : deepText(target, options)
  }
  const isReference = (target: JsonObject) => Object.keys(target).length === flatFor(target['__typename'])?.names.length
  return { represent, isReference }
}

type FieldSelection = Extract<QueryPlanSelectionNode, { kind: 'Field' }>

const responseName = ({ alias, name }: FieldSelection) => alias ?? name

function fieldsFor(selections: readonly QueryPlanSelectionNode[], typename: unknown, isOfType: IsOfType): FieldSelection[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'Field') return [selection]
    const { typeCondition, selections: inner } = selection
    return typeCondition === undefined || isOfType(typename, typeCondition) ? fieldsFor(inner, typename, isOfType) : []
  })
}

function flatOf(fields: readonly FieldSelection[]): Flat | undefined {
  if (fields.some(({ selections }) => selections)) return undefined
  const names = [...new Set(fields.map(responseName))]
  return { names, heads: names.map((name, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`) }
}

function flatText(target: JsonObject, { heads, names }: Flat): string | undefined {
  // Without a field but its name, an object names no entity.
  if (names.length < 2) return undefined
  let text = ''
  for (let index = 0; index < names.length; index++) {
    const value = target[names[index]!]
    if (value === undefined) return undefined
    text += heads[index]! + (typeof value === 'string' ? quote(value) : JSON.stringify(value))
  }
  return `${text}}`
}

function deepText(target: JsonObject, options: RepresentationOptions): string | undefined {
  const representation = pick(target, { ...options, selections: options.requires, type: undefined })
  if (!representation || Object.keys(representation).length < 2) return undefined
  applyRewrites(representation, options.rewrites, options.isOfType)
  // Where a subgraph knows an interface only, the planner sends what a field requires of every member, but the key of those alone whose
  // field is wanted: the others are not asked for.
  if (options.rewrites.some(givesTypeName) && !options.isNamed(representation)) return undefined
  return JSON.stringify(representation)
}

/** What is picked, and the type that the schema gives it. */
interface Picking extends Pick<RepresentationOptions, 'isOfType' | 'typeOfField'> {
  readonly selections: readonly QueryPlanSelectionNode[]
  readonly type: GraphQLOutputType | undefined
}

/** The selected part of an object; undefined when a selected field is missing. */
function pick(source: JsonObject, picking: Picking): JsonObject | undefined {
  const { isOfType, typeOfField, type } = picking
  const result: JsonObject = {}
  const typename = source['__typename'] ?? (type && getNamedType(type).name)
  for (const field of fieldsFor(picking.selections, typename, isOfType)) {
    const name = responseName(field)
    const { selections } = field
    const value = selections
      ? pickValue(source[name], { ...picking, selections, type: typeOfField(typename, field.name) })
      : source[name]
    if (value === undefined) return undefined
    const known = result[name]
    result[name] = isObject(known) && isObject(value) ? { ...known, ...value } : value
  }
  return result
}

/** An object that lacks something, because nobody knows it any more, is null to who requires it, where it may be. */
function pickValue(value: unknown, picking: Picking): unknown {
  if (value === null || value === undefined) return value
  const { type } = picking
  const picked = Array.isArray(value) ? pickItems(value, picking) : isObject(value) ? pick(value, picking) : undefined
  return picked === undefined && type && !isNonNullType(type) ? null : picked
}

function pickItems(items: readonly unknown[], picking: Picking): unknown[] | undefined {
  const list = picking.type && getNullableType(picking.type)
  const picked = items.map((item) => pickValue(item, { ...picking, type: isListType(list) ? list.ofType : undefined }))
  return picked.includes(undefined) ? undefined : picked
}
