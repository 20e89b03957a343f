import type { Log } from '@pasar/shared/log'
import { maskErrors } from '@pasar/shared/mask'
import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql'
import { withClientNames, type PrivateAliases } from './operation/private-aliases.ts'
import { cleanError, formatted } from './subgraph/answer-errors.ts'

/** A result on its way to a client. */
export interface Finish {
  readonly aliases: PrivateAliases
  readonly requestId: string
  readonly log: Log
}

/** Makes an executed result fit for a client: its own field names, no error that says more than it may. */
export function finishResult(
  { data, errors, extensions }: RawResult,
  { aliases, requestId, log }: Finish,
): FormattedExecutionResult {
  const found = [...(errors ?? []), ...incompleteValues(extensions)]
  const clean = found.map((error) => cleanError(formatted(error)))
  const result = { data: data ?? null, ...(clean.length > 0 && { errors: maskErrors(clean, [], { log, requestId }) }) }
  return withClientNames(result, aliases)
}

type RawResult = Pick<ExecutionResult, 'data' | 'extensions'> & {
  readonly errors?: readonly (GraphQLError | GraphQLFormattedError)[] | undefined
}

/** Where a value was null that may not be, the gateway tells it beside the result; to a client it is an error like any other. */
function incompleteValues(extensions: ExecutionResult['extensions']): readonly GraphQLFormattedError[] {
  const found = extensions?.['valueCompletion']
  return Array.isArray(found) ? (found as readonly GraphQLFormattedError[]) : []
}
