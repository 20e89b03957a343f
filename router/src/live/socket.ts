import type { Server } from 'node:http'
import type { Stop } from '@pasar/shared/bus'
import { negotiateLocale, type Locale, type Texts } from '@pasar/shared/locale'
import { errorDetails } from '@pasar/shared/log'
import type { Operation } from '@pasar/shared/operation'
import { CodedError, internalError } from '@pasar/shared/problems'
import { graphqlError, toldError } from '@pasar/shared/told'
import { graphqlPath } from '@pasar/shared/transport'
import { guest, type RequestIdentity, type Viewer } from '@pasar/shared/viewer'
import { GraphQLError, type ExecutionResult } from 'graphql'
import type { Context, SubscribePayload } from 'graphql-ws'
import type { WebSocket } from 'ws'
import { requestIdOf, verifyBearer } from '../identity/identify.ts'
import type { Admitted } from '../operation/admit.ts'
import { resultObject, type RouterResult } from '../operation/result.ts'
import type { Router } from '../router.ts'
import { routerLimits } from '../safety/limits.ts'
import { acceptSockets, type SocketExtra } from './adapter.ts'

/** Close codes that the router sends by itself: of graphql-transport-ws, and of WebSockets. */
const forbidden = 4403
const tryLater = 1013

type Parameters = Record<string, unknown>

/** What the router remembers of one socket. */
interface Connection {
  readonly viewer: Viewer
  readonly locale: Locale
  expiry: NodeJS.Timeout | undefined
}

type SocketContext = Context<Parameters, SocketExtra>

/** Queries, mutations and subscriptions over graphql-transport-ws at the graph's path, through the same gate as over HTTP. */
export function attachSocket(router: Router, server: Server): { stop: Stop } {
  const connections: Connections = new WeakMap()
  return acceptSockets(
    { server, path: graphqlPath, log: router.options.log },
    {
      connectionInitWaitTimeout: routerLimits.connectionInitMs,
      onConnect: async (context) => {
        const connection = await connect(router, context)
        if (connection) connections.set(context.extra.socket, connection)
        return connection !== undefined
      },
      onSubscribe: (context, _id, payload) =>
        start(router, context, { connection: connections.get(context.extra.socket), payload }),
      // What runs was started in onSubscribe and travels as the context, so that graphql-ws neither validates nor executes.
      subscribe: ({ contextValue }) => contextValue as AsyncIterableIterator<ExecutionResult>,
      execute: ({ contextValue }) => contextValue as ExecutionResult,
      // The result is JSON already; without this hook its errors would have to be GraphQLErrors again.
      onNext: (...given) => resultObject(given[4] as RouterResult),
      onError: (...[context, , , errors]) => errors.map((error) => toldError(error, localeOf(context))),
      onClose: ({ extra }) => clearTimeout(connections.get(extra.socket)?.expiry),
    },
  )
}

type Connections = WeakMap<WebSocket, Connection>

/** Verifies the token once, when the socket opens; without a connection it closes with 4403. */
async function connect(router: Router, context: SocketContext): Promise<Connection | undefined> {
  const { verifyAccessToken, clock } = router.options
  const parameters = context.connectionParams ?? {}
  try {
    const verified = await verifyBearer(verifyAccessToken, textOf(parameters, 'authorization'))
    const connection: Connection = { viewer: verified?.viewer ?? guest, locale: localeOf(context), expiry: undefined }
    if (verified) connection.expiry = closeAt(context, verified.expires.getTime() - clock.now().getTime())
    return connection
  } catch (error) {
    const absent = error instanceof CodedError && error.extensions.code === 'SERVICE_UNAVAILABLE'
    if (absent) context.extra.socket.close(tryLater, 'Try again later')
    return undefined
  }
}

const localeOf = ({ connectionParams, extra }: SocketContext): Locale =>
  negotiateLocale(textOf(connectionParams ?? {}, 'accept-language') ?? extra.request.headers['accept-language'])

/** Browsers write `Authorization`, others `authorization`. */
function textOf(parameters: Parameters, name: string): string | undefined {
  const value = Object.entries(parameters).find(([key]) => key.toLowerCase() === name)?.[1]
  return typeof value === 'string' ? value : undefined
}

function closeAt({ extra }: SocketContext, milliseconds: number): NodeJS.Timeout {
  return setTimeout(() => extra.socket.close(forbidden, 'Token expired'), Math.max(0, milliseconds)).unref()
}

interface Start {
  readonly connection: Connection | undefined
  readonly payload: SubscribePayload
}

async function start(router: Router, context: SocketContext, { connection, payload }: Start) {
  if (!connection) return [graphqlError(internalError())]
  if (Object.keys(context.subscriptions).length > routerLimits.operationsPerSocketMax) {
    return [graphqlError(new CodedError('RATE_LIMITED', tooMany))]
  }
  const identity = { viewer: connection.viewer, locale: connection.locale, requestId: requestIdOf(undefined) }
  try {
    const admitted = router.admit(operationOf(payload), identity)
    if ('errors' in admitted) return admitted.errors
    const { document, operationName = null } = admitted
    const contextValue = await begin(router, admitted, identity)
    return { schema: router.schema(), document, operationName, contextValue }
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    router.options.log.error({ ...errorDetails(error), requestId: identity.requestId }, 'an operation over a socket failed')
    return [graphqlError(internalError({ requestId: identity.requestId }))]
  }
}

type Stream = AsyncIterableIterator<RouterResult>

/** A subscription whose socket closes meanwhile is ended by graphql-ws as soon as it has started. */
const begin = (router: Router, admitted: Admitted, identity: RequestIdentity): Promise<Stream | RouterResult> =>
  admitted.kind === 'subscription' ? router.subscribe(admitted, identity) : router.run(admitted, identity)

function operationOf({ query, variables, operationName }: SubscribePayload): Operation {
  return { query, ...(variables != null && { variables }), ...(operationName != null && { operationName }) }
}

const tooMany: Texts = {
  id: `Paling banyak ${routerLimits.operationsPerSocketMax} operasi boleh berjalan di satu soket`,
  en: `At most ${routerLimits.operationsPerSocketMax} operations may run on one socket`,
}
