import type { ResponsePath } from '@apollo/query-planner'
import { isObject, type Execution, type JsonObject } from './execution.ts'
import type { IsOfType } from './possible-types.ts'

/** One step of the way from the root of a result to what a fetch fills: into a field, or into the items of a list. */
export interface PathStep {
  /** Undefined for the items of a list. */
  readonly field: string | undefined
  /** The object that the step leads to must be of one of these types. */
  readonly types: readonly string[] | undefined
}

/** Where an object stands: `holder[key]`. */
export type Visit = (target: JsonObject, holder: JsonObject | unknown[], key: string | number) => void

/** Reads a plan's path: `users`, `@` for the items of a list, either with `|[A,B]` for the types to follow. */
export const pathSteps = (path: ResponsePath): readonly PathStep[] =>
  path.map((part) => {
    const [name = '', types] = String(part).split('|')
    return { field: name === '@' ? undefined : name, types: types?.slice(1, -1).split(',') }
  })

/** Visits every object that stands at a path, once each, in the order of the result. */
export function visitTargets(
  { data, shared }: Execution,
  { path, isOfType }: { readonly path: readonly PathStep[]; readonly isOfType: IsOfType },
  visit: Visit,
): void {
  const seen = new Set<object>()
  const follow = (holder: JsonObject | unknown[], key: string | number, depth: number): void => {
    const value = (holder as JsonObject)[key]
    if (typeof value !== 'object' || value === null) return
    const step = path[depth]
    if (Array.isArray(value)) {
      const next = step && step.field === undefined ? depth + 1 : depth
      for (let index = 0; index < value.length; index++) follow(value, index, next)
      return
    }
    if (shared.size > 0 && shared.has(value)) {
      if (seen.has(value)) return
      seen.add(value)
    }
    const types = path[depth - 1]?.types
    if (types && !types.some((type) => isOfType((value as JsonObject)['__typename'], type))) return
    if (!step) visit(value as JsonObject, holder, key)
    else if (step.field !== undefined) follow(value as JsonObject, step.field, depth + 1)
  }
  follow({ root: data }, 'root', 0)
}

/** Every place where each of some objects stands, as paths of a result. For errors only: it walks all of the data. */
export function placesOf(data: JsonObject, objects: ReadonlySet<object>): ReadonlyMap<object, readonly (string | number)[][]> {
  const places = new Map<object, (string | number)[][]>()
  const walk = (value: unknown, path: (string | number)[]): void => {
    if (typeof value !== 'object' || value === null) return
    if (objects.has(value)) places.set(value, [...(places.get(value) ?? []), path])
    if (Array.isArray(value)) value.forEach((item, index) => walk(item, [...path, index]))
    else if (isObject(value)) for (const key of Object.keys(value)) walk(value[key], [...path, key])
  }
  walk(data, [])
  return places
}
