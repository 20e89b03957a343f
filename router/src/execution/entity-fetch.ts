import type { FetchNode, QueryPlanSelectionNode, ResponsePath } from '@apollo/query-planner'
import type { GraphQLFormattedError } from 'graphql'
import { movedError, type Arrival } from './arrival.ts'
import { isObject, type Execution, type JsonObject, type Step, type SubgraphAnswer } from './execution.ts'
import { compileBody } from './fetch-body.ts'
import { mergeInto } from './merge.ts'
import type { IsOfType } from './possible-types.ts'
import { compileRepresentations, type Representations } from './representations.ts'
import { applyRewrites } from './rewrites.ts'
import { compileArrival } from './root-fetch.ts'
import { placesOf, visitTargets } from './targets.ts'

/** Entities to ask for: each once, with all the objects that it fills. */
interface Asked {
  readonly representations: readonly string[]
  readonly targets: readonly (readonly JsonObject[])[]
}

/** A fetch of entities that the result holds already in part. */
export function compileEntityFetch(
  fetch: FetchNode,
  requires: readonly QueryPlanSelectionNode[],
  place: { readonly path: ResponsePath; readonly isOfType: IsOfType },
): Step {
  const naming = compileRepresentations({ requires, rewrites: fetch.inputRewrites ?? [], isOfType: place.isOfType })
  const write = compileBody(fetch)
  const arrival = compileArrival(fetch, place)
  const { serviceName: subgraph, operation: query } = fetch
  // Under a type condition, places that look alike may be filled differently.
  const mayShare = arrival.path.every(({ types }) => types === undefined)
  return (execution) => {
    const asked = collect(execution, arrival, { naming, mayShare })
    if (asked.representations.length === 0) return undefined
    const body = write(execution, asked.representations)
    return execution.send({ subgraph, kind: 'query', query, body }).then(
      (answer) => take(execution, arrival, { asked, answer }),
      (error: unknown) => fail(execution, asked, error as GraphQLFormattedError),
    )
  }
}

/**
 * Finds the entities at the arrival's path. Objects that hold nothing but the same representation are made one object: everything that
 * is fetched for them later is the same too, and is fetched, merged and written once.
 */
function collect(
  execution: Execution,
  arrival: Arrival,
  { naming, mayShare }: { readonly naming: Representations; readonly mayShare: boolean },
): Asked {
  const positions = new Map<string, number>()
  const targets: JsonObject[][] = []
  const stubs: (JsonObject | undefined)[] = []
  visitTargets(execution, arrival, (target, holder, key) => {
    const text = naming.represent(target)
    if (text === undefined) return
    const stub = mayShare && naming.isStub(target)
    const position = positions.get(text)
    if (position === undefined) {
      positions.set(text, targets.length)
      targets.push([target])
      stubs.push(stub ? target : undefined)
      return
    }
    const twin = stub ? stubs[position] : undefined
    if (twin === undefined) {
      targets[position]!.push(target)
      if (stub) stubs[position] = target
    } else if (twin !== target) {
      ;(holder as JsonObject)[key] = twin
      execution.shared.add(twin)
    }
  })
  return { representations: [...positions.keys()], targets }
}

/** Gives every entity's fields to the objects that asked for it. */
function take(
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
      if (isObject(entity)) mergeInto(target, entity)
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

function fail({ data, errors }: Execution, { targets }: Asked, error: GraphQLFormattedError): void {
  const all = targets.flat()
  const places = placesOf(data, new Set(all))
  errors.push(...all.flatMap((target) => places.get(target) ?? []).map((path) => ({ ...error, path })))
}
