import type { GraphQLError, GraphQLFormattedError } from 'graphql'
import { isDatabaseAway } from '../postgres/database-errors.ts'
import type { Locale } from '../locale.ts'
import { errorDetails, type Log } from '../log.ts'
import { errorCodes, internalError, Unavailable } from '../problems.ts'
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
 * original goes to the log. Where a database is away, that part of the market does not answer, and the same request may succeed later.
 */
export function maskErrors(
  formatted: readonly GraphQLFormattedError[],
  originals: readonly GraphQLError[],
  { log, requestId, locale }: MaskOptions,
): GraphQLFormattedError[] {
  // One failure takes many fields along, as that of a query for a hundred rows.
  const logged = new Set<unknown>()
  return formatted.map((error, index) => {
    const original = originals[index]
    const place = { ...(error.path && { path: error.path }), ...(error.locations && { locations: error.locations }) }
    const { code, stacktrace: _, ...details } = error.extensions ?? {}
    if (known.has(code)) {
      const told = original && carried(original)?.told(locale)
      return { message: error.message, extensions: { code, ...details }, ...place, ...told }
    }
    const thrown = original?.originalError ?? original
    const failure = thrown ?? error.message
    if (!logged.has(failure)) log.error({ ...errorDetails(failure), requestId, path: error.path }, 'unexpected error')
    logged.add(failure)
    const told = isDatabaseAway(thrown) ? new Unavailable('the database') : internalError({ requestId })
    return { ...told.told(locale), ...place }
  })
}
