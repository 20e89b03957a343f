import type { GraphQLFormattedError } from 'graphql'
import { movedError, type Arrival } from './arrival.ts'
import { isObject, type Execution, type JsonObject, type SubgraphAnswer } from './execution.ts'
import { mergeInto } from './merge.ts'
import { applyRewrites } from './rewrites.ts'
import { placesOf } from './targets.ts'

/** Entities to ask for: each once, with all the objects that it fills. */
export interface Asked {
  readonly representations: readonly string[]
  readonly targets: readonly (readonly JsonObject[])[]
}

/** Gives every entity's fields to the objects that asked for it. */
export function take(
  execution: Execution,
  arrival: Arrival,
  { asked: { targets }, answer }: { readonly asked: Asked; readonly answer: SubgraphAnswer },
): void {
  const { data, errors = [] } = answer
  const entities: readonly unknown[] = Array.isArray(data?.['_entities']) ? (data['_entities'] as unknown[]) : []
  if (arrival.rewrites.length > 0) applyRewrites(entities, arrival.rewrites, arrival.isOfType)
  for (let index = 0; index < targets.length; index++) {
    const entity = entities[index]
    for (const target of targets[index]!) {
      if (isObject(entity)) mergeInto(target, entity, arrival.isOfType)
      else if (errors.length === 0) execution.absent.add(target)
    }
  }
  if (errors.length > 0) tell(execution, arrival, { targets, errors })
}

/** Says of each error where in the result it is: at every place of the entity, or of all entities when it does not say which. */
function tell(
  { data, errors }: Execution,
  arrival: Arrival,
  told: { readonly targets: Asked['targets']; readonly errors: readonly GraphQLFormattedError[] },
): void {
  const places = placesOf(data, new Set(told.targets.flat()))
  const pathsOf = (targets: readonly object[]) => targets.flatMap((target) => places.get(target) ?? [])
  for (const error of told.errors) {
    const [root, index, ...rest] = error.path ?? []
    const known = root === '_entities' && typeof index === 'number'
    const paths = pathsOf(known ? (told.targets[index] ?? []) : told.targets.flat())
    errors.push(...paths.map((path) => movedError(error, arrival, [path, known ? rest : []])))
  }
}

/** Says of every place of the entities why there is no answer. */
export function fail({ data, errors }: Execution, { targets }: Asked, error: GraphQLFormattedError): void {
  const all = targets.flat()
  const places = placesOf(data, new Set(all))
  errors.push(...all.flatMap((target) => places.get(target) ?? []).map((path) => ({ ...error, path })))
}
