import { errorCodes } from '@pasar/shared/problems'
import { GraphQLError, Kind, parse, type GraphQLFormattedError } from 'graphql'

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

/** A fetch that the gateway planned. */
interface Fetch {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>> | undefined
}

/** One error for each thing that a failed fetch was to bring, so that a client sees which fields are missing. */
export function errorsForAll(fetch: Fetch, error: GraphQLFormattedError): GraphQLFormattedError[] {
  const representations = fetch.variables?.['representations']
  if (Array.isArray(representations)) return representations.map((_, index) => ({ ...error, path: ['_entities', index] }))
  return rootNames(fetch.query).map((name) => ({ ...error, path: [name] }))
}

const rootNames = (query: string): string[] =>
  parse(query)
    .definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [],
    )
    .flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.alias?.value ?? selection.name.value] : []))
