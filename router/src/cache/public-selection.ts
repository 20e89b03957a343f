import {
  Kind,
  parse,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  type SelectionSetNode,
} from 'graphql'
import { fragmentsOf } from '../operation/root-selections.ts'
import type { CacheIndex } from './cache-index.ts'
import { listsShown } from './event-entities.ts'
import { listTag, type Part } from './tags.ts'

/** What is found out about the selections of a fetch. */
export interface Found {
  /** Seconds; infinite while nothing but names was selected. */
  maxAge: number
  /** Whether owners may see more in it than everyone else. */
  ownersSeeMore: boolean
  readonly parts: Part[]
  /** Tags of the lists that are shown in it. */
  readonly lists: Set<string>
}

/** A document on its way through the marks. */
export interface Walk {
  readonly index: CacheIndex
  readonly document: DocumentNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Whether an event must be able to find what is kept. */
  readonly needsTags: boolean
}

/** Begins to read the selections of a fetch. */
export function openWalk(index: CacheIndex, operation: string, needsTags: boolean): Walk {
  const document = parse(operation)
  return { index, document, fragments: fragmentsOf(document), needsTags }
}

/** Nothing read yet. */
export const nothingFound = (): Found => ({ maxAge: Infinity, ownersSeeMore: false, parts: [], lists: new Set() })

/** Reads the selections on one type into `found`; false when something in them may not be kept. */
export function read(
  walk: Walk,
  found: Found,
  { type, set }: { readonly type: string; readonly set: SelectionSetNode },
): boolean {
  return set.selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return readField(walk, found, { type, field: selection })
    const inner = fragmentOf(walk, selection)
    return inner !== undefined && read(walk, found, { type: inner.typeCondition?.name.value ?? type, set: inner.selectionSet })
  })
}

/** What is inside a fragment, written out or named. */
export const fragmentOf = ({ fragments }: Walk, selection: InlineFragmentNode | FragmentSpreadNode) =>
  selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection

interface Read {
  readonly type: string
  readonly field: FieldNode
  /** A root knows by itself which list it shows. */
  readonly isRoot?: boolean
}

/** Reads one field on a type into `found`; false when it, or something in it, may not be kept. */
export function readField(walk: Walk, found: Found, { type, field, isRoot = false }: Read): boolean {
  const { index } = walk
  const name = field.name.value
  if (name === '__typename' || index.isKey(type, name)) return true
  // A root inside an answer: what changes it is known of true roots only.
  if (type === 'Query' && !isRoot) return false
  const age = index.maxAgeOf(type, name)
  if (age === undefined) return false
  found.maxAge = Math.min(found.maxAge, age)
  found.ownersSeeMore ||= index.ownersSeeMore(type, name)
  const list = listsShown[`${type}.${name}`]
  if (list !== undefined && !isRoot) found.lists.add(listTag(list))
  const output = index.outputType(type, name)
  if (!field.selectionSet || output === undefined) return !field.selectionSet
  return readInner(walk, found, { key: field.alias?.value ?? name, type: output, set: field.selectionSet })
}

interface Inner {
  readonly key: string
  readonly type: string
  readonly set: SelectionSetNode
}

function readInner(walk: Walk, found: Found, { key, type, set }: Inner): boolean {
  const { index, needsTags } = walk
  const inner: Found = { ...found, maxAge: Infinity, parts: [] }
  if (!read(walk, inner, { type, set })) return false
  const entity = needsTags && Number.isFinite(inner.maxAge) && index.isEntity(type) ? type : undefined
  // Values of another entity are kept only with its id, by which an event finds them.
  if (entity !== undefined && (index.isAbstract(entity) || !showsId(walk, set))) return false
  found.maxAge = Math.min(found.maxAge, inner.maxAge)
  found.ownersSeeMore = inner.ownersSeeMore
  if (entity !== undefined || inner.parts.length > 0) found.parts.push({ key, entity, parts: inner.parts })
  return true
}

/** Whether the id comes under its own name. */
const showsId = (walk: Walk, { selections }: SelectionSetNode): boolean =>
  selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === 'id' && !selection.alias
    const inner = fragmentOf(walk, selection)
    return inner !== undefined && showsId(walk, inner.selectionSet)
  })
