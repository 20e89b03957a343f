import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner'
import { Kind } from 'graphql'
import { operationsOf } from '../operation/root-selections.ts'
import type { CacheIndex } from './cache-index.ts'
import { keepingOf, type Keeping } from './keeping.ts'
import { nothingFound, openWalk, read, type Found, type Walk } from './public-selection.ts'
import { compileRootPolicy, type RootPolicy } from './root-policy.ts'
import { collectTags, tagOf } from './tags.ts'

/** How the answers to a fetch of entities may be kept. */
export interface FetchPolicy extends Keeping {
  /** Every entity whose values an answer holds; undefined when the answer does not say which they are. */
  tagsOf(representation: string, entity: unknown): readonly string[] | undefined
}

/** Decides, once per plan, whether the answers to a fetch may be kept. */
export interface Policies {
  ofEntities(fetch: FetchNode): FetchPolicy | undefined
  ofRoot(fetch: FetchNode): RootPolicy | undefined
}

/** Where events drop what has changed (`needsTags`), an answer must also say on what it depends. */
export const openPolicies = (index: CacheIndex, needsTags: boolean): Policies => ({
  ofEntities: (fetch) => compileFetchPolicy(index, fetch, needsTags),
  ofRoot(fetch) {
    const walk = openWalk(index, fetch.operation, needsTags)
    return compileRootPolicy(walk, (found) => keepingOf(found, fetch, walk))
  },
})

/** Decides, once per plan, whether the answers to a fetch of entities may be kept: only when every field that it selects is public. */
export function compileFetchPolicy(index: CacheIndex, fetch: FetchNode, needsTags: boolean): FetchPolicy | undefined {
  const { requires = [], inputRewrites = [] } = fetch
  if (requires.length === 0 || inputRewrites.length > 0) return undefined
  const walk = openWalk(index, fetch.operation, needsTags)
  const found = requiresAreKnown(index, requires) ? readEntities(walk) : undefined
  if (!found || !Number.isFinite(found.maxAge)) return undefined
  return {
    ...keepingOf(found, fetch, walk),
    tagsOf: (representation, entity) => (needsTags ? tagsOf(found, representation, entity) : []),
  }
}

/** Keys hold what names an entity: it must be a key or public, too. */
const requiresAreKnown = (index: CacheIndex, requires: readonly QueryPlanSelectionNode[], type?: string): boolean =>
  requires.every((selection) => {
    if (selection.kind !== 'Field') return requiresAreKnown(index, selection.selections, selection.typeCondition ?? type)
    if (selection.name === '__typename') return true
    if (type === undefined || selection.selections) return false
    return index.isKey(type, selection.name) || index.maxAgeOf(type, selection.name) !== undefined
  })

function readEntities(walk: Walk): Found | undefined {
  const [root, ...others] = operationsOf(walk.document)[0]?.selectionSet.selections ?? []
  if (others.length > 0 || root?.kind !== Kind.FIELD || root.name.value !== '_entities') return undefined
  const found = nothingFound()
  // Fields of the union of all entities: there is none but its name.
  return root.selectionSet && read(walk, found, { type: '_Entity', set: root.selectionSet }) ? found : undefined
}

/** Undefined where an entity does not say its id: nothing could drop it in time. */
function tagsOf({ parts, lists }: Found, representation: string, entity: unknown): readonly string[] | undefined {
  const named = JSON.parse(representation) as { readonly __typename?: unknown; readonly id?: unknown }
  if (typeof named.__typename !== 'string' || typeof named.id !== 'string') return undefined
  const tags = new Set([tagOf(named.__typename, named.id), ...lists])
  return parts.every((part) => collectTags(part, entity, tags)) ? [...tags] : undefined
}
