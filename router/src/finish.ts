import type { Locale } from '@pasar/shared/locale'
import type { Log } from '@pasar/shared/log'
import { maskErrors } from '@pasar/shared/mask'
import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql'
import { absentReferences } from './absent-references.ts'
import { withClientNames, type PrivateAliases } from './operation/private-aliases.ts'
import type { AbsentEntities } from './subgraph/absent-entities.ts'
import { cleanError, formatted } from './subgraph/answer-errors.ts'

/** A result on its way to a client. */
export interface Finish {
  readonly aliases: PrivateAliases
  readonly requestId: string
  readonly locale: Locale
  readonly log: Log
  /** What subgraphs said is absent: no error where a nullable reference led to it. */
  readonly absent: readonly AbsentEntities[]
}

/** Makes an executed result fit for a client: its own field names, no error that says more than it may. */
export function finishResult(
  { data, errors, extensions }: RawResult,
  { aliases, requestId, locale, log, absent }: Finish,
): FormattedExecutionResult {
  const incomplete = incompleteValues(extensions)
  const expected = absentReferences(incomplete, data, absent)
  for (const { path } of expected) log.debug({ requestId, path }, 'a reference leads to nothing')
  const found = [...(errors ?? []), ...incomplete.filter((error) => !expected.has(error))]
  const clean = found.map((error) => cleanError(formatted(error)))
  const result = { data: data ?? null, ...(clean.length > 0 && { errors: maskErrors(clean, [], { log, requestId, locale }) }) }
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
