import type { FetchNode } from '@apollo/query-planner'
import { Kind, OperationTypeNode, parse, type GraphQLFormattedError } from 'graphql'
import { mergeAnswer, type Arrival, type FetchPlace } from './arrival.ts'
import type { Step, SubgraphFetch } from './execution.ts'
import { compileBody } from './fetch-body.ts'
import { renamedKeys } from './rewrites.ts'
import { pathSteps } from './targets.ts'

/** A fetch from the root of a subgraph, for the root of the result or for objects that stand for a root (`payload.query`). */
export function compileRootFetch(fetch: FetchNode, place: FetchPlace): Step {
  const write = compileBody(fetch)
  const arrival = compileArrival(fetch, place)
  const names = rootNames(fetch.operation)
  const { serviceName: subgraph, operation: query } = fetch
  const kind: SubgraphFetch['kind'] = fetch.operationKind === OperationTypeNode.MUTATION ? 'mutation' : 'query'
  return (execution) =>
    execution.send({ subgraph, kind, query, body: write(execution) }).then(
      (answer) => mergeAnswer(execution, arrival, answer),
      // One error for each field that the fetch was to bring, so that a client sees which are missing.
      (error: unknown) =>
        mergeAnswer(execution, arrival, { errors: names.map((name) => ({ ...(error as GraphQLFormattedError), path: [name] })) }),
    )
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
