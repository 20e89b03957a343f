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
export function visitTargets({ data, shared }: Execution, { path, isOfType }: TargetPath, visit: Visit): void {
  const holder = { root: data }
  follow({ path, isOfType, shared, seen: undefined, visit, holder, key: 'root' }, data, 0)
}

interface TargetPath {
  readonly path: readonly PathStep[]
  readonly isOfType: IsOfType
}

interface Walk extends TargetPath {
  readonly shared: ReadonlySet<object>
  /** Shared objects that were met. */
  seen: Set<object> | undefined
  readonly visit: Visit
  /** Where the value that is looked at stands; set by whoever goes on to a value. */
  holder: JsonObject | unknown[]
  key: string | number
}

function follow(walk: Walk, value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  const step = walk.path[depth]
  if (Array.isArray(value)) {
    const next = step && step.field === undefined ? depth + 1 : depth
    for (let index = 0; index < value.length; index++) {
      walk.holder = value
      walk.key = index
      follow(walk, value[index], next)
    }
    return
  }
  if (isSeen(walk, value) || !fits(walk, value as JsonObject, depth)) return
  if (!step) walk.visit(value as JsonObject, walk.holder, walk.key)
  else if (step.field !== undefined) {
    walk.holder = value as JsonObject
    walk.key = step.field
    follow(walk, (value as JsonObject)[step.field], depth + 1)
  }
}

function isSeen(walk: Walk, value: object): boolean {
  if (walk.shared.size === 0 || !walk.shared.has(value)) return false
  if (walk.seen?.has(value)) return true
  walk.seen ??= new Set()
  walk.seen.add(value)
  return false
}

function fits({ path, isOfType }: Walk, value: JsonObject, depth: number): boolean {
  const types = path[depth - 1]?.types
  return types === undefined || types.some((type) => isOfType(value['__typename'], type))
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
