import { createHash } from 'node:crypto'
import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner'
import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  type SelectionSetNode,
} from 'graphql'
import { isObject, type Execution } from '../execution/execution.ts'
import { fragmentsOf, operationsOf } from '../operation/root-selections.ts'
import type { CacheIndex } from './cache-index.ts'

/** How the answers to a fetch of entities may be kept. */
export interface FetchPolicy {
  readonly maxAgeMs: number
  /** What all keys of one run begin with: it tells subgraph, selection, variables and language. */
  keyStart(execution: Pick<Execution, 'variables'>, locale: string): string
  /** Every entity whose values an answer holds; undefined when the answer does not say which they are. */
  tagsOf(representation: string, entity: unknown): readonly string[] | undefined
}

/** Names an entity; what an event drops. */
export const tagOf = (type: string, id: string): string => `${type} ${id}`

/** An object of the answer that may hold further entities, or is one. */
interface Part {
  readonly key: string
  /** Type of the entity that it is, if its values are kept. */
  readonly entity: string | undefined
  readonly parts: readonly Part[]
}

interface Found {
  maxAge: number
  readonly parts: Part[]
}

interface Walk {
  readonly index: CacheIndex
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

/**
 * Decides, once per plan, whether the answers to a fetch may be kept: only when every field that it selects is public. Where events
 * drop what has changed (`needsTags`), an answer must also say of which entities it is.
 */
export function compileFetchPolicy(index: CacheIndex, fetch: FetchNode, needsTags: boolean): FetchPolicy | undefined {
  const { requires = [], inputRewrites = [], variableUsages = [] } = fetch
  if (requires.length === 0 || inputRewrites.length > 0) return undefined
  const document = parse(fetch.operation)
  const walk: Walk = { index, fragments: fragmentsOf(document) }
  const found = requiresAreKnown(index, requires) ? readEntities(walk, document) : undefined
  if (!found || !Number.isFinite(found.maxAge)) return undefined
  const start = `${hashOf(fetch.serviceName, document)} `
  return {
    maxAgeMs: found.maxAge * 1000,
    keyStart: ({ variables }, locale) => `${start}${locale} ${variablesText(variableUsages, variables)}`,
    tagsOf: (representation, entity) => (needsTags ? tagsOf(found.parts, representation, entity) : []),
  }
}

/** The name of an operation is its client's, its text decides. */
function hashOf(subgraph: string, document: DocumentNode): string {
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? { ...definition, name: undefined } : definition,
  )
  const text = stripIgnoredCharacters(print({ ...document, definitions } as DocumentNode))
  return createHash('sha256').update(`${subgraph}\n${text}`).digest('base64url').slice(0, 22)
}

function variablesText(names: readonly string[], variables: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const name of names) text += Object.hasOwn(variables, name) ? `${JSON.stringify(variables[name])},` : ','
  return text
}

/** Keys hold what names an entity: it must be a key or public, too. */
const requiresAreKnown = (index: CacheIndex, requires: readonly QueryPlanSelectionNode[], type?: string): boolean =>
  requires.every((selection) => {
    if (selection.kind !== 'Field') return requiresAreKnown(index, selection.selections, selection.typeCondition ?? type)
    if (selection.name === '__typename') return true
    if (type === undefined || selection.selections) return false
    return index.isKey(type, selection.name) || index.maxAgeOf(type, selection.name) !== undefined
  })

function readEntities(walk: Walk, document: DocumentNode): Found | undefined {
  const [root, ...others] = operationsOf(document)[0]?.selectionSet.selections ?? []
  if (others.length > 0 || root?.kind !== Kind.FIELD || root.name.value !== '_entities') return undefined
  const found: Found = { maxAge: Infinity, parts: [] }
  // Fields of the union of all entities: there is none but its name.
  return root.selectionSet && read(walk, found, { type: '_Entity', set: root.selectionSet }) ? found : undefined
}

/** Reads the selections on one type into `found`; false when something in them may not be kept. */
function read(walk: Walk, found: Found, { type, set }: { readonly type: string; readonly set: SelectionSetNode }): boolean {
  return set.selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return readField(walk, found, { type, field: selection })
    const inner = fragmentOf(walk, selection)
    return inner !== undefined && read(walk, found, { type: inner.typeCondition?.name.value ?? type, set: inner.selectionSet })
  })
}

const fragmentOf = ({ fragments }: Walk, selection: InlineFragmentNode | FragmentSpreadNode) =>
  selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection

function readField(walk: Walk, found: Found, { type, field }: { readonly type: string; readonly field: FieldNode }): boolean {
  const { index } = walk
  const name = field.name.value
  if (name === '__typename' || index.isKey(type, name)) return true
  const age = index.maxAgeOf(type, name)
  if (age === undefined) return false
  found.maxAge = Math.min(found.maxAge, age)
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
  const { index } = walk
  const inner: Found = { maxAge: Infinity, parts: [] }
  if (!read(walk, inner, { type, set })) return false
  const entity = Number.isFinite(inner.maxAge) && index.isEntity(type) ? type : undefined
  // Values of another entity are kept only with its id, by which an event finds them.
  if (entity !== undefined && (index.isAbstract(entity) || !showsId(walk, set))) return false
  found.maxAge = Math.min(found.maxAge, inner.maxAge)
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

/** Undefined where an entity does not say its id: nothing could drop it in time. */
function tagsOf(parts: readonly Part[], representation: string, entity: unknown): readonly string[] | undefined {
  const named = JSON.parse(representation) as { readonly __typename?: unknown; readonly id?: unknown }
  if (typeof named.__typename !== 'string' || typeof named.id !== 'string') return undefined
  const tags = new Set([tagOf(named.__typename, named.id)])
  return parts.every((part) => collectTags(part, entity, tags)) ? [...tags] : undefined
}

function collectTags(part: Part, holder: unknown, tags: Set<string>): boolean {
  return !isObject(holder) || collectFrom(part, holder[part.key], tags)
}

function collectFrom(part: Part, value: unknown, tags: Set<string>): boolean {
  if (Array.isArray(value)) return value.every((item) => collectFrom(part, item, tags))
  if (!isObject(value)) return true
  if (part.entity !== undefined) {
    // A condition of the operation may leave it out.
    if (typeof value['id'] !== 'string') return false
    tags.add(tagOf(part.entity, value['id']))
  }
  return part.parts.every((inner) => collectTags(inner, value, tags))
}
