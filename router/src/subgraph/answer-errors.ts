import { errorCodes } from '@pasar/shared/problems'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'

/** An error as JSON carries it. */
export const formatted = (error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError =>
  error instanceof GraphQLError ? error.toJSON() : error

const known = new Set<unknown>(errorCodes)

/** What a client may learn of a subgraph's error: message, code and the details of a known code; never who said it or where. */
export function cleanError({ message, path, extensions = {} }: GraphQLFormattedError): GraphQLFormattedError {
  const {
    code,
    serviceName: _name,
    service: _service,
    response: _response,
    exception: _exception,
    stacktrace: _trace,
    ...details
  } = extensions
  const kept = known.has(code) ? { ...details, code } : { code: 'INTERNAL_SERVER_ERROR' }
  return { message, extensions: kept, ...(path && { path }) }
}
