import type { FetchNode } from '@apollo/query-planner'
import { Kind, OperationTypeNode, parse, type GraphQLFormattedError } from 'graphql'
import { mayTake } from '../cache/keeping.ts'
import type { RootPolicy } from '../cache/root-policy.ts'
import { mergeAnswer, type Arrival, type FetchPlace } from './arrival.ts'
import type { Execution, Step, SendFetch, SubgraphFetch } from './execution.ts'
import { compileBody } from './fetch-body.ts'
import { renamedKeys } from './rewrites.ts'
import { fetchRootThroughCache, type KeptRoot } from './root-through-cache.ts'
import { pathSteps } from './targets.ts'

/** Where a fetch from a root works, and whether its answers may be kept. */
export interface RootPlace extends FetchPlace {
  readonly policy?: RootPolicy | undefined
}

/** A fetch from the root of a subgraph, for the root of the result or for objects that stand for a root (`payload.query`). */
export function compileRootFetch(fetch: FetchNode, place: RootPlace): Step {
  const write = compileBody(fetch)
  const arrival = compileArrival(fetch, place)
  const names = rootNames(fetch.operation)
  const { serviceName: subgraph, operation: query } = fetch
  const kind: SubgraphFetch['kind'] = fetch.operationKind === OperationTypeNode.MUTATION ? 'mutation' : 'query'
  const ask = (execution: Execution, send: SendFetch) => send({ subgraph, kind, query, body: write(execution) })
  // One error for each field that the fetch was to bring, so that a client sees which are missing.
  const fail = (execution: Execution, error: unknown) =>
    mergeAnswer(execution, arrival, { errors: names.map((name) => ({ ...(error as GraphQLFormattedError), path: [name] })) })
  const kept: KeptRoot | undefined = place.policy && { policy: place.policy, arrival, ask, fail }
  return (execution) => {
    const { cache } = execution
    if (kept && cache && mayTake(kept.policy, cache)) return fetchRootThroughCache(execution, kept, cache)
    return ask(execution, execution.send).then(
      (answer) => mergeAnswer(execution, arrival, answer),
      (error: unknown) => fail(execution, error),
    )
  }
}

/** What is done with the answer of a fetch from a root. */
export function compileArrival(fetch: FetchNode, { path, isOfType, standIns = new Map() }: FetchPlace): Arrival {
  const rewrites = fetch.outputRewrites ?? []
  return { path: pathSteps(path), isOfType, rewrites, renamed: new Map([...standIns, ...renamedKeys(rewrites)]) }
}

const rootNames = (query: string): string[] =>
  parse(query)
    .definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [],
    )
    .flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.alias?.value ?? selection.name.value] : []))
