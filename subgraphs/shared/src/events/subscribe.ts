import {
  createSourceEventStream,
  execute,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql'
import { heeding, iteratorOver, mapValues } from '../flow/iterators.ts'
import { errorDetails } from '../log.ts'
import { maskErrors, type MaskOptions } from '../subgraph/mask.ts'
import type { SubgraphSubscription } from '../http/transport.ts'

/** A subscription to start. */
export interface SubscribeOptions<C> {
  readonly schema: GraphQLSchema
  readonly payload: SubgraphSubscription['payload']
  /** A fresh context for each frame, so that no frame sees rows that another one loaded. */
  context(): C
  readonly mask: MaskOptions
}

/** Results of a subscription, one per source event; errors before the first event are one result. */
export async function subscribeTo<C>(options: SubscribeOptions<C>): Promise<AsyncIterableIterator<ExecutionResult>> {
  const { schema, payload, context, mask } = options
  const fail = (errors: readonly GraphQLError[]) => iteratorOver([masked({ errors }, mask)])
  const document = parseDocument(payload.query)
  if (document instanceof GraphQLError) return fail([document])
  const invalid = validate(schema, document)
  if (invalid.length > 0) return fail(invalid)
  const request = { schema, document, variableValues: payload.variables ?? {}, operationName: payload.operationName ?? null }
  const events = await createSourceEventStream({ ...request, contextValue: context() })
  if (!(Symbol.asyncIterator in events)) return fail(events.errors ?? [])
  const { log, requestId } = mask
  const source = heeding(events[Symbol.asyncIterator]() as AsyncIterableIterator<unknown>, (error) =>
    log.error({ ...errorDetails(error), requestId }, 'a stream failed'),
  )
  return mapValues(source, async (rootValue) => masked(await execute({ ...request, rootValue, contextValue: context() }), mask))
}

function parseDocument(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: 5_000 })
  } catch (error) {
    if (error instanceof GraphQLError) return error
    throw error
  }
}

function masked(result: ExecutionResult, mask: MaskOptions): ExecutionResult {
  if (!result.errors) return result
  const formatted = maskErrors(
    result.errors.map((error) => error.toJSON()),
    result.errors,
    mask,
  )
  return {
    ...result,
    errors: formatted.map((error) => new GraphQLError(error.message, { path: error.path, extensions: error.extensions })),
  }
}
