import { Kind, OperationTypeNode, type FieldNode, type SelectionSetNode } from 'graphql'
import { isObject, type JsonObject } from '../execution/execution.ts'
import { operationsOf } from '../operation/root-selections.ts'
import { listsShown, neverChangingRoots } from './event-entities.ts'
import type { Keeping } from './keeping.ts'
import { fragmentOf, nothingFound, readField, type Found, type Walk } from './public-selection.ts'
import { collectTags, listTag, tagOf, type Part } from './tags.ts'

/** How the answers to a fetch from a subgraph's root may be kept. */
export interface RootPolicy extends Keeping {
  /** All that an answer depends on; undefined when it does not say. */
  tagsOf(data: JsonObject): readonly string[] | undefined
  /** Whether something that was asked for by name is not there: for a guest, that is. */
  isAbsent(data: JsonObject): boolean
}

/** A field of a root, as the answer shows it. */
interface Root {
  readonly key: string
  /** Type of the one entity that it leads to. */
  readonly entity: string | undefined
  /** Dropped with it: the list that it shows, or in which it was looked for. */
  readonly list: string | undefined
  readonly lists: readonly string[]
  readonly parts: readonly Part[]
}

/** Decides whether the answers to a fetch from a root may be kept: only when all of its fields are public, and it is known what changes them. */
export function compileRootPolicy(walk: Walk, keepingOf: (found: Found) => Keeping): RootPolicy | undefined {
  const operation = operationsOf(walk.document)[0]
  if (operation?.operation !== OperationTypeNode.QUERY) return undefined
  const fields = rootFields(walk, operation.selectionSet)
  const all = nothingFound()
  const roots = fields?.map((field) => readRoot(walk, { all, field }))
  if (!roots || !roots.every((root) => root !== undefined) || !Number.isFinite(all.maxAge)) return undefined
  return {
    ...keepingOf(all),
    tagsOf: (data) => (walk.needsTags ? tagsOf(roots, data) : []),
    isAbsent: (data) => roots.some(({ key }) => data[key] === null),
  }
}

/** Undefined where the root is not what it is everywhere else. */
function rootFields(walk: Walk, { selections }: SelectionSetNode): readonly FieldNode[] | undefined {
  const fields: FieldNode[] = []
  for (const selection of selections) {
    const inner = selection.kind === Kind.FIELD ? [selection] : rootFields(walk, fragmentOf(walk, selection)!.selectionSet)
    if (!inner) return undefined
    fields.push(...inner)
  }
  return fields
}

function readRoot(walk: Walk, { all, field }: { readonly all: Found; readonly field: FieldNode }): Root | undefined {
  const { index } = walk
  const name = field.name.value
  const key = field.alias?.value ?? name
  if (name === '__typename') return { key, entity: undefined, list: undefined, lists: [], parts: [] }
  const place = `Query.${name}`
  const list = listsShown[place]
  if (walk.needsTags && list === undefined && !neverChangingRoots.has(place)) return undefined
  const found = nothingFound()
  if (!readField(walk, found, { type: 'Query', field, isRoot: true })) return undefined
  all.maxAge = Math.min(all.maxAge, found.maxAge)
  all.ownersSeeMore ||= found.ownersSeeMore
  const output = index.outputType('Query', name)
  const entity = output !== undefined && !index.isList('Query', name) && index.isEntity(output) ? output : undefined
  return { key, entity, list: list && listTag(list), lists: [...found.lists], parts: found.parts }
}

/** An entity that is there and says who it is changes only with itself; what is not there could be there tomorrow. */
function tagsOf(roots: readonly Root[], data: JsonObject): readonly string[] | undefined {
  const tags = new Set<string>()
  for (const { key, entity, list, lists, parts } of roots) {
    const value = data[key]
    const id = isObject(value) ? value['id'] : undefined
    if (entity !== undefined && typeof id === 'string') tags.add(tagOf(entity, id))
    else if (list !== undefined) tags.add(list)
    for (const one of lists) tags.add(one)
    if (!parts.every((part) => collectTags(part, data, tags))) return undefined
  }
  return [...tags]
}
