import type { GraphQLError, GraphQLFormattedError } from 'graphql'
import type { Locale } from './locale.ts'
import { errorDetails, type Log } from './log.ts'
import { errorCodes, internalError } from './problems.ts'
import { carried } from './told.ts'

/** Where masked errors are logged, under which request id, and the reader's language. */
export interface MaskOptions {
  readonly log: Log
  readonly requestId: string
  readonly locale: Locale
}

const known = new Set<unknown>(errorCodes)

/**
 * Lets errors with a known code pass, told in the reader's language, and replaces every other one by a sentence with the request id; the
 * original goes to the log.
 */
export function maskErrors(
  formatted: readonly GraphQLFormattedError[],
  originals: readonly GraphQLError[],
  { log, requestId, locale }: MaskOptions,
): GraphQLFormattedError[] {
  return formatted.map((error, index) => {
    const original = originals[index]
    const place = { ...(error.path && { path: error.path }), ...(error.locations && { locations: error.locations }) }
    const { code, stacktrace: _, ...details } = error.extensions ?? {}
    if (known.has(code)) {
      const told = original && carried(original)?.told(locale)
      return { message: error.message, extensions: { code, ...details }, ...place, ...told }
    }
    log.error(
      { ...errorDetails(original?.originalError ?? original ?? error.message), requestId, path: error.path },
      'unexpected error',
    )
    return { ...internalError({ requestId }).told(locale), ...place }
  })
}
