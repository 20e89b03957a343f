import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway'
import type { Domain } from '@pasar/shared/domains'
import type { Signer } from '@pasar/shared/identity'
import { errorDetails, type Log } from '@pasar/shared/log'
import { CodedError, internalError, Unavailable } from '@pasar/shared/problems'
import { graphqlPath, type SubgraphTransport } from '@pasar/shared/transport'
import type { RequestIdentity } from '@pasar/shared/viewer'
import type { GraphQLFormattedError } from 'graphql'
import { absentIn, type AbsentEntities } from './absent-entities.ts'
import { cleanError, errorsForAll, formatted } from './answer-errors.ts'
import { deduplicate, restore, type SubgraphResult } from './representations.ts'

/** What every fetch of one client operation carries. */
export interface RouterContext {
  readonly identity: RequestIdentity
  /** Noted here by each fetch: what its subgraph said, without an error, is absent. */
  readonly absent: AbsentEntities[]
}

/** Looks at what the router does, for tests of budgets and for developers. */
export interface Explain {
  /** Called with each operation that goes to a subgraph. */
  onFetch?(domain: string, query: string): void
}

/** What reaching one subgraph needs. */
export interface DataSourceOptions {
  readonly name: string
  readonly transport: SubgraphTransport
  readonly signer: Signer
  readonly log: Log
  readonly explain?: Explain | undefined
}

type ProcessOptions = GraphQLDataSourceProcessOptions<RouterContext>
type Response = Awaited<ReturnType<GraphQLDataSource['process']>>

/** Sends the gateway's fetches to one subgraph: signed, each entity asked for once, failures told without saying whose they are. */
export function openDataSource(options: DataSourceOptions): GraphQLDataSource<RouterContext> {
  return {
    async process({ request, context, ...fetch }: ProcessOptions): Promise<Response> {
      const { identity, absent } = context as RouterContext
      const query = request.query ?? ''
      const variables = request.variables ?? {}
      const asked = Array.isArray(variables['representations']) ? deduplicate(variables['representations']) : undefined
      const sent = asked ? { ...variables, representations: asked.representations } : variables
      const body = JSON.stringify({ query, variables: sent, operationName: request.operationName })
      options.explain?.onFetch?.(options.name, query)
      const answer = await send(options, identity, body).catch((error: unknown) => {
        const failed = failure(options, identity, error)
        return { data: null, errors: errorsForAll({ query, variables: sent }, failed) }
      })
      const result = asked ? restore(answer, asked) : answer
      const count = asked ? absentIn(result) : 0
      if (count > 0) absent.push({ path: pathOf(fetch), count })
      return result.errors ? { ...result, errors: result.errors.map(cleanError) } : result
    },
  }
}

/** Only the gateway's own requests, for its schema, have no place in an operation. */
const pathOf = (fetch: object): AbsentEntities['path'] =>
  'pathInIncomingRequest' in fetch ? (fetch.pathInIncomingRequest as AbsentEntities['path']) : []

async function send(
  { name, transport, signer }: DataSourceOptions,
  identity: RequestIdentity,
  body: string,
): Promise<SubgraphResult> {
  const headers = await signer.headers(name as Domain, identity, { path: graphqlPath, body })
  const { data, errors } = await transport.execute({ headers, body })
  return { ...(data !== undefined && { data }), ...(errors && { errors: errors.map(formatted) }) }
}

/** A subgraph that refuses our signature is our fault, not the client's: only absence is told, anything else is masked. */
function failure(
  { name, log }: DataSourceOptions,
  { requestId, locale }: RequestIdentity,
  error: unknown,
): GraphQLFormattedError {
  log.warn({ ...errorDetails(error), subgraph: name, requestId }, 'a fetch failed')
  const absent = error instanceof CodedError && error.extensions.code === 'SERVICE_UNAVAILABLE'
  return (absent ? new Unavailable('A part of the market') : internalError()).told(locale)
}
