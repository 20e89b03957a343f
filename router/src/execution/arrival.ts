import type { FetchDataRewrite, ResponsePath } from '@apollo/query-planner'
import type { GraphQLFormattedError } from 'graphql'
import type { Execution, JsonObject, SubgraphAnswer } from './execution.ts'
import { mergeInto } from './merge.ts'
import type { IsOfType, TypeOfField } from './possible-types.ts'
import { applyRewrites } from './rewrites.ts'
import { placesOf, visitTargets, type PathStep } from './targets.ts'

/** Where the answer to a fetch goes. */
export interface FetchPlace {
  readonly path: ResponsePath
  readonly isOfType: IsOfType
  readonly typeOfField: TypeOfField
  /** Fields that only plans name, with those that they stand for. */
  readonly standIns?: ReadonlyMap<string, string> | undefined
}

/** Where an answer goes, and what is changed on the way. */
export interface Arrival {
  readonly path: readonly PathStep[]
  readonly isOfType: IsOfType
  readonly rewrites: readonly FetchDataRewrite[]
  /** What error paths call the keys that the rewrites rename. */
  readonly renamed: ReadonlyMap<string | number, string>
}

type Path = readonly (string | number)[]

/** The same error at a place of the result, under the names that the result has. */
export const movedError = (
  error: GraphQLFormattedError,
  { renamed }: Arrival,
  [place, rest]: readonly [Path, Path],
): GraphQLFormattedError => ({
  ...error,
  path: [...place, ...(renamed.size === 0 ? rest : rest.map((part) => renamed.get(part) ?? part))],
})

/** Merges the answer of a fetch from a subgraph's root, for each object at the arrival's path. */
export function mergeAnswer(execution: Execution, arrival: Arrival, { data, errors }: SubgraphAnswer): void {
  if (data) applyRewrites(data, arrival.rewrites, arrival.isOfType)
  const targets: JsonObject[] = []
  if (arrival.path.length === 0) targets.push(execution.data)
  else visitTargets(execution, arrival, (target) => targets.push(target))
  if (data) for (const target of targets) mergeInto(target, targets.length > 1 ? structuredClone(data) : data, arrival.isOfType)
  if (!errors || errors.length === 0) return
  const places = arrival.path.length === 0 ? [[]] : [...placesOf(execution.data, new Set(targets)).values()].flat()
  for (const error of errors)
    execution.errors.push(...(error.path ? places.map((place) => movedError(error, arrival, [place, error.path!])) : [error]))
}
