import type { GraphQLError, GraphQLFormattedError } from 'graphql'
import { errorDetails, type Log } from './log.ts'
import { errorCodes } from './problems.ts'

/** Where masked errors are logged, and under which request id. */
export interface MaskOptions {
  readonly log: Log
  readonly requestId: string
}

const known = new Set<unknown>(errorCodes)

/** Lets errors with a known code pass and replaces every other one by a sentence with the request id; the original goes to the log. */
export function maskErrors(
  formatted: readonly GraphQLFormattedError[],
  originals: readonly GraphQLError[],
  { log, requestId }: MaskOptions,
): GraphQLFormattedError[] {
  return formatted.map((error, index) => {
    const { code, stacktrace: _, ...details } = error.extensions ?? {}
    const place = { ...(error.path && { path: error.path }), ...(error.locations && { locations: error.locations }) }
    if (known.has(code)) return { message: error.message, ...place, extensions: { code, ...details } }
    const original = originals[index]
    log.error(
      { ...errorDetails(original?.originalError ?? original ?? error.message), requestId, path: error.path },
      'unexpected error',
    )
    return { message: 'Internal server error', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } }
  })
}
