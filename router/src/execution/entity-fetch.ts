import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner'
import type { GraphQLFormattedError } from 'graphql'
import type { FetchPolicy } from '../cache/fetch-policy.ts'
import { mayTake } from '../cache/keeping.ts'
import type { Arrival, FetchPlace } from './arrival.ts'
import type { EntryKeys } from '../supergraph/entry-keys.ts'
import { fail, take, type Asked } from './entity-answers.ts'
import type { Execution, JsonObject, Step } from './execution.ts'
import { askEntities } from './ask-entities.ts'
import { compileQuestion, type EntityQuestion } from './entity-question.ts'
import { namesOnlyOf, type NamesOnly } from './names-only.ts'
import { compileRepresentations, type Representations } from './representations.ts'
import { compileArrival } from './root-fetch.ts'
import { visitTargets } from './targets.ts'
import { fetchThroughCache, type KeptFetch } from './through-cache.ts'

/** Where a fetch works, and whether its answers may be kept. */
export interface EntityPlace extends FetchPlace {
  readonly policy?: FetchPolicy | undefined
  readonly entryKeys: EntryKeys
  /** Gets every question of the plan. */
  readonly questions: EntityQuestion[]
}

/** A fetch of entities that the result holds already in part. */
export function compileEntityFetch(fetch: FetchNode, requires: readonly QueryPlanSelectionNode[], place: EntityPlace): Step {
  const { isOfType, typeOfField, entryKeys } = place
  const isNamed = (representation: JsonObject) => entryKeys.isNamed(fetch.serviceName, representation)
  const naming = compileRepresentations({ requires, rewrites: fetch.inputRewrites ?? [], isOfType, typeOfField, isNamed })
  const namesOnly = namesOnlyOf(fetch, entryKeys)
  if (namesOnly) return tellNames(compileArrival(fetch, place), { naming, namesOnly })
  const question = compileQuestion(fetch, place.questions.length)
  place.questions.push(question)
  const arrival = compileArrival(fetch, place)
  // Under a type condition, places that look alike may be filled differently.
  const mayShare = arrival.path.every(({ types }) => types === undefined)
  const kept: KeptFetch | undefined = place.policy && { question, arrival, policy: place.policy }
  return (execution) => {
    const asked = collect(execution, arrival, { naming, mayShare })
    if (asked.representations.length === 0) return undefined
    if (kept && execution.cache && mayTake(kept.policy, execution.cache))
      return fetchThroughCache(execution, kept, { asked, reads: execution.cache })
    return askEntities(execution, question, asked.representations).then(
      (answer) => take(execution, arrival, { asked, answer }),
      (error: unknown) => fail(execution, asked, error as GraphQLFormattedError),
    )
  }
}

interface Telling {
  readonly naming: Representations
  readonly namesOnly: NamesOnly
}

/** Gives entities their keys under the names that are asked for, without asking. */
const tellNames =
  (arrival: Arrival, { naming, namesOnly }: Telling): Step =>
  (execution) => {
    visitTargets(execution, arrival, (target) => {
      if (naming.represent(target) !== undefined) for (const [name, field] of namesOnly) target[name] = target[field]
    })
    return undefined
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
  const references: (JsonObject | undefined)[] = []
  visitTargets(execution, arrival, (target, holder, key) => {
    const text = naming.represent(target)
    if (text === undefined) return
    const isReference = mayShare && naming.isReference(target)
    const position = positions.get(text)
    if (position === undefined) {
      positions.set(text, targets.length)
      targets.push([target])
      references.push(isReference ? target : undefined)
      return
    }
    const twin = isReference ? references[position] : undefined
    if (twin === undefined) {
      targets[position]!.push(target)
      if (isReference) references[position] = target
    } else if (twin !== target) {
      ;(holder as JsonObject)[key] = twin
      execution.shared.add(twin)
    }
  })
  return { representations: [...positions.keys()], targets }
}
