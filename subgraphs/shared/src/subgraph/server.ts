import { GraphQLError, parse } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { json, listen, type HttpServer, type ListenOptions, type Route } from '../http/server.ts'
import { heeding } from '../flow/iterators.ts'
import { limits } from '../limits.ts'
import { CodedError, NotSignedIn } from '../problems.ts'
import { doorClosed } from '../http/socket-subscription.ts'
import type { Subgraph } from './open-subgraph.ts'
import { graphqlError } from './told.ts'
import { graphqlPath } from '../http/transport.ts'

/** Endpoints of every process: alive, and able to work. */
export const healthRoutes = (ready: () => Promise<void>): readonly Route[] => [
  { method: 'GET', path: '/health', handle: () => json(200, { status: 'ok' }) },
  {
    method: 'GET',
    path: '/ready',
    handle: () =>
      ready().then(
        () => json(200, { status: 'ready' }),
        () => json(503, { status: 'not ready' }),
      ),
  },
]

const textValues = (values: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))

const asGraphQLErrors = (error: unknown): readonly GraphQLError[] => {
  if (error instanceof CodedError) return [graphqlError(error)]
  if (error instanceof GraphQLError) return [error]
  throw error
}

/** How a socket is closed whose stream failed; the WebSocket protocol calls it an unexpected condition. */
const streamFailed = 1011

/** Listens and mounts a subgraph; see mountSubgraph. */
export const serveSubgraph = async (subgraph: Subgraph, options: ListenOptions): Promise<HttpServer> =>
  mountSubgraph(subgraph, await listen(options))

/** Answers for a subgraph over HTTP and graphql-ws, with its own routes, /health and /ready; stopping ends the sockets and the server. */
export function mountSubgraph(subgraph: Subgraph, http: HttpServer): HttpServer {
  const graph: Route = {
    method: 'POST',
    path: graphqlPath,
    bodyBytesMax: limits.subgraphRequestBytesMax,
    handle: async ({ headers, body }) => json(200, await subgraph.execute({ headers: textValues(headers), body })),
  }
  http.mount([...healthRoutes(() => subgraph.ready()), graph, ...subgraph.routes])
  const sockets = new WebSocketServer({ server: http.server, path: graphqlPath, maxPayload: limits.bodyBytesMax })
  const graphs = useServer<Record<string, unknown>>(
    {
      connectionInitWaitTimeout: 3_000,
      onSubscribe: async ({ connectionParams, extra }, _, { query, variables, operationName }) => {
        try {
          const payload = { query, ...(variables && { variables }), ...(operationName && { operationName }) }
          const subscribed = await subgraph.subscribe({ headers: textValues(connectionParams), payload })
          // A stream that fails is lost, and may go on: an answer would be taken for a refusal, and tell the failure's own words.
          const results = heeding(subscribed, () => extra.socket.close(streamFailed, 'Stream failed'))
          // The results travel as the context, so that graphql-ws neither validates nor executes a second time.
          return { schema: subgraph.schema, document: parse(query), operationName: operationName ?? null, contextValue: results }
        } catch (error) {
          // What is refused at the door is no answer to the operation: whoever reads it must not take it for one.
          if (error instanceof NotSignedIn) extra.socket.close(doorClosed, 'Forbidden')
          return asGraphQLErrors(error)
        }
      },
      subscribe: ({ contextValue }) => contextValue as Awaited<ReturnType<Subgraph['subscribe']>>,
    },
    sockets,
  )
  const stop = async () => {
    await graphs.dispose()
    sockets.close()
    await http.stop()
  }
  return { ...http, stop }
}
