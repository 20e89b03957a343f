import type { FetchDataRewrite } from '@apollo/query-planner'
import { isObject, type JsonObject } from './execution.ts'
import type { IsOfType } from './possible-types.ts'

/** Changes data as a plan says: sets values (the type name that a subgraph knows an entity by), or renames keys. */
export function applyRewrites(data: unknown, rewrites: readonly FetchDataRewrite[], isOfType: IsOfType): void {
  for (const rewrite of rewrites) rewriteAt({ rewrite, isOfType }, data, 0)
}

interface Rewriting {
  readonly rewrite: FetchDataRewrite
  readonly isOfType: IsOfType
}

/** Whether a rewrite names entities by the interface that is all their subgraph knows. */
export const givesTypeName = ({ kind }: FetchDataRewrite): boolean => kind === 'ValueSetter'

const typePrefix = '... on '

function rewriteAt(rewriting: Rewriting, value: unknown, depth: number): void {
  if (Array.isArray(value)) return value.forEach((item) => rewriteAt(rewriting, item, depth))
  if (!isObject(value)) return
  const { path } = rewriting.rewrite
  const part = path[depth]
  if (part === undefined) return
  if (part.startsWith(typePrefix)) {
    const typename = value['__typename']
    if (typename === undefined || rewriting.isOfType(typename, part.slice(typePrefix.length)))
      rewriteAt(rewriting, value, depth + 1)
  } else if (depth < path.length - 1) rewriteAt(rewriting, value[part], depth + 1)
  else change(value, part, rewriting.rewrite)
}

function change(holder: JsonObject, key: string, rewrite: FetchDataRewrite): void {
  if (rewrite.kind === 'ValueSetter') {
    holder[key] = rewrite.setValueTo
  } else if (key in holder) {
    holder[rewrite.renameKeyTo] = holder[key]
    delete holder[key]
  }
}

/** The names that error paths use for keys that a plan renames. */
export const renamedKeys = (rewrites: readonly FetchDataRewrite[]): ReadonlyMap<string | number, string> =>
  new Map(rewrites.flatMap((rewrite) => (rewrite.kind === 'KeyRenamer' ? [[rewrite.path.at(-1)!, rewrite.renameKeyTo]] : [])))
